"""Public network addresses, the only ones that webhooks may reach, beside private networks that the operator allows."""

import socket
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final

from keytrail.notifications.failures import DeliveryFailed

Address = IPv4Address | IPv6Address

_NAT64: Final = ip_network("64:ff9b::/96")
_UNICAST: Final = ip_network("2000::/3")
"""All that IANA gives out of IPv6: elsewhere, such as in ::7f00:1, are IPv4 addresses in forms that are not used."""
_NOT_PUBLIC: Final = [ip_network(network) for network in ("192.0.0.0/24", "168.63.129.16/32")]
"""Private by IANA's registries, which older versions of Python do not know; and Azure's own services, which answer at a
public address to machines that run there.
"""
_V4_BITS: Final = 0xFFFF_FFFF


def resolve(host: str, port: int, allowed_networks: Sequence[str]) -> Sequence[Address]:
    """Return the host's addresses. Connect to them without a second look-up, which could return other ones.

    Raises DeliveryFailed, for good if any of the host's addresses is not public.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise DeliveryFailed(f"The name {host} could not be resolved.") from error
    addresses = list(dict.fromkeys(ip_address(str(entry[4][0]).partition("%")[0]) for entry in found))
    if not addresses:
        raise DeliveryFailed(f"The name {host} has no address.")
    if not all(is_allowed(address, allowed_networks) for address in addresses):
        raise DeliveryFailed(
            f"{host} is in a private network. Whoever runs this server can allow it (KEYTRAIL_WEBHOOK_NETWORKS).",
            for_good=True,
        )
    return addresses


def is_allowed(address: Address, allowed_networks: Sequence[str]) -> bool:
    """Return whether the address, and any IPv4 address that it embeds, is public or allowed."""
    return all(
        _is_public(one) or any(one in ip_network(network) for network in allowed_networks)
        for one in (address, *_embedded(address))
    )


def _is_public(address: Address) -> bool:
    """Whether it is public; IPv6 forms of an IPv4 address are, because that is judged itself."""
    mapped = isinstance(address, IPv6Address) and address.ipv4_mapped is not None
    if mapped or address in _NAT64:
        return True
    listed = any(address in network for network in _NOT_PUBLIC)
    unassigned = isinstance(address, IPv6Address) and address not in _UNICAST
    return address.is_global and not (address.is_multicast or listed or unassigned)


def _embedded(address: Address) -> Sequence[IPv4Address]:
    if isinstance(address, IPv4Address):
        return ()
    nat64 = IPv4Address(int(address) & _V4_BITS) if address in _NAT64 else None
    return [one for one in (address.ipv4_mapped, address.sixtofour, nat64) if one is not None]
