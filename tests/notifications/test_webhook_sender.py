import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from keytrail.notifications.failures import DeliveryFailed
from keytrail.notifications.webhook_sender import post
from tests.notifications.receivers import WebReceiver, web_receiver

HERE = ["127.0.0.0/8"]


@pytest.fixture
def receiver() -> Iterator[WebReceiver]:
    with web_receiver() as found:
        yield found


def test_the_body_and_headers_arrive(receiver: WebReceiver) -> None:
    assert post(receiver.url, {"webhook-id": "msg_1"}, b"{}", HERE) == "204 No Content"
    ((headers, body),) = receiver.messages
    assert (body, headers["webhook-id"], headers["content-type"]) == (b"{}", "msg_1", "application/json")
    assert f"http://{headers['host']}" in receiver.url


def test_nothing_is_sent_into_a_private_network(receiver: WebReceiver) -> None:
    with pytest.raises(DeliveryFailed, match="KEYTRAIL_WEBHOOK_NETWORKS"):
        post(receiver.url, {}, b"{}", ())
    assert receiver.messages == []


def test_no_redirect_is_followed(receiver: WebReceiver) -> None:
    receiver.answers, receiver.location = [307], receiver.url
    with pytest.raises(DeliveryFailed, match="redirects are not followed") as failed:
        post(receiver.url, {}, b"{}", HERE)
    assert failed.value.for_good
    assert len(receiver.messages) == 1


@pytest.mark.parametrize(("status", "for_good"), [(500, "no"), (404, "no"), (429, "no"), (410, "yes")])
def test_an_answer_that_is_no_success_is_a_failure(receiver: WebReceiver, status: int, for_good: str) -> None:
    receiver.answers = [status]
    with pytest.raises(DeliveryFailed, match=str(status)) as failed:
        post(receiver.url, {}, b"{}", HERE)
    assert failed.value.for_good is (for_good == "yes")


def test_a_server_that_never_ends_its_answer_is_left(receiver: WebReceiver) -> None:
    receiver.dripping = True
    with pytest.raises(DeliveryFailed, match="No answer"):
        post(receiver.url, {}, b"{}", HERE, most_s=0.2)


def test_the_next_address_is_tried_where_one_cannot_be_connected_to(
    receiver: WebReceiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = int(receiver.url.rpartition(":")[2].partition("/")[0])

    look_up: Callable[..., list[Any]] = socket.getaddrinfo

    def both(host: str, *rest: Any, **more: Any) -> list[Any]:
        if host != "hooks.example.org":
            return look_up(host, *rest, **more)
        return [(0, 0, 0, "", ("127.0.0.9", port)), (0, 0, 0, "", ("127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", both)
    url = receiver.url.replace("127.0.0.1", "hooks.example.org")
    assert post(url, {}, b"{}", HERE) == "204 No Content"
    assert receiver.messages[0][0]["host"] == f"hooks.example.org:{port}"


@dataclass
class RebindingName:
    """A name that leads to a server of its owner when it is looked up first, and to an internal one ever after."""

    outside: str = "127.0.0.2"
    inside: str = "127.0.0.1"
    look_ups: int = 0

    def answer(self) -> str:
        self.look_ups += 1
        return self.outside if self.look_ups == 1 else self.inside


@pytest.fixture
def rebinding(monkeypatch: pytest.MonkeyPatch) -> RebindingName:
    name, look_up = RebindingName(), socket.getaddrinfo

    def resolver(host: str | bytes, *rest: Any, **more: Any) -> list[Any]:
        asked = host.decode() if isinstance(host, bytes) else host
        return look_up(name.answer() if asked == "rebinding.example" else asked, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", resolver)
    return name


def test_the_address_that_was_checked_is_the_one_that_is_connected_to(rebinding: RebindingName) -> None:
    """Also where the name leads elsewhere a moment later; the next message checks it anew."""
    with web_receiver(rebinding.outside) as outside:
        port = int(outside.url.rpartition(":")[2].partition("/")[0])
        with web_receiver(rebinding.inside, port) as inside:
            url = f"http://rebinding.example:{port}/hook"
            assert post(url, {}, b"{}", [f"{rebinding.outside}/32"]) == "204 No Content"
            assert (rebinding.look_ups, len(outside.messages), len(inside.messages)) == (1, 1, 0)
            with pytest.raises(DeliveryFailed, match="private network"):
                post(url, {}, b"{}", [f"{rebinding.outside}/32"])
            assert (rebinding.look_ups, len(outside.messages), len(inside.messages)) == (2, 1, 0)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_leads_to_an_internal_server(rebinding: RebindingName, status: int) -> None:
    with web_receiver(rebinding.outside) as outside, web_receiver(rebinding.inside) as inside:
        outside.answers, outside.location = [status], inside.url
        with pytest.raises(DeliveryFailed, match="redirects are not followed"):
            post(outside.url, {}, b"{}", [f"{rebinding.outside}/32"])
        assert (len(outside.messages), inside.messages) == (1, [])


def test_a_server_that_is_not_there_is_a_failure() -> None:
    with web_receiver() as gone:
        url = gone.url
    with pytest.raises(DeliveryFailed, match="No answer") as failed:
        post(url, {}, b"{}", HERE)
    assert not failed.value.for_good
