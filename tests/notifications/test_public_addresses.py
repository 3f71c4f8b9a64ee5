import socket
from ipaddress import ip_address
from typing import Any

import pytest

from keytrail.notifications.failures import DeliveryFailed
from keytrail.notifications.public_addresses import is_allowed, resolve

PUBLIC = ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "::ffff:93.184.215.14", "64:ff9b::5db8:d70e"]
PRIVATE = [
    "0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.9.9.9", "169.254.169.254", "172.16.0.1", "192.168.0.1",
    "224.0.0.1", "240.0.0.1", "255.255.255.255", "::", "::1", "fc00::1", "fe80::1", "ff02::1",
    "::ffff:127.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1", "2002:7f00:1::", "64:ff9b::a9fe:a9fe",
    "192.0.0.192", "64:ff9b:1::a01:203", "fec0::1",
    "168.63.129.16", "::ffff:168.63.129.16", "64:ff9b::a83f:8110", "2002:a83f:8110::", "fd00:ec2::254",
    "::127.0.0.1", "::ffff:0:127.0.0.1", "100.100.100.200", "2001:0:a00:1::", "5f00::1",
]  # fmt: skip


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_allowed(address: str) -> None:
    assert is_allowed(ip_address(address), ())


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_are_not_however_they_are_written(address: str) -> None:
    assert not is_allowed(ip_address(address), ())
    assert not is_allowed(ip_address(address), ["192.0.2.0/24"])


def test_a_network_that_the_operator_allows_is() -> None:
    assert is_allowed(ip_address("10.1.2.3"), ["192.0.2.0/24", "10.0.0.0/8"])
    assert not is_allowed(ip_address("10.1.2.3"), ["10.1.3.0/24", "fd00::/8"])


def test_a_name_with_one_private_address_among_public_ones_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def both(*_: Any, **__: Any) -> list[Any]:
        return [(0, 0, 0, "", (PUBLIC[0], 443)), (0, 0, 0, "", ("10.0.0.1", 443))]

    monkeypatch.setattr(socket, "getaddrinfo", both)
    with pytest.raises(DeliveryFailed, match="private network") as failed:
        resolve("hooks.example.org", 443, ())
    assert failed.value.for_good


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "2130706433", "0x7f.1", "::1"])
def test_this_machine_is_refused_by_any_name(host: str) -> None:
    with pytest.raises(DeliveryFailed):
        resolve(host, 80, ())
