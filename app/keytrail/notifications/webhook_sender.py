"""Post a message to a webhook."""

from collections.abc import Mapping, Sequence
from threading import Timer
from typing import Final
from urllib.parse import urlsplit

import httpx2

from keytrail.notifications.failures import DeliveryFailed
from keytrail.notifications.public_addresses import Address, resolve

_TIMEOUT_S: Final = 10.0
_GONE: Final = 410
_PORTS: Final = {"http": 80, "https": 443}


def post(
    url: str, headers: Mapping[str, str], body: bytes, allowed_networks: Sequence[str], *, most_s: float = 15.0
) -> str:
    """Post a message and describe the answer's status. Raises DeliveryFailed.

    Security: connects to an address that was checked, follows no redirect, uses no proxy, reads no body, and ends after
    `most_s` seconds, however slowly the other side answers.
    """
    target = httpx2.URL(url)
    addresses = resolve(target.host, target.port or _PORTS[target.scheme], allowed_networks)
    sent = {**headers, "content-type": "application/json", "user-agent": "Keytrail", "host": urlsplit(url).netloc}
    try:
        with httpx2.Client(trust_env=False, follow_redirects=False, timeout=_TIMEOUT_S) as client:
            ending = Timer(most_s, client.close)
            ending.daemon = True
            ending.start()
            try:
                return _post_to_one(client, target, addresses, sent, body)
            finally:
                ending.cancel()
    except (httpx2.HTTPError, RuntimeError) as error:  # RuntimeError: closed by the timer
        raise DeliveryFailed(f"No answer: {type(error).__name__}.") from error


def _post_to_one(
    client: httpx2.Client, target: httpx2.URL, addresses: Sequence[Address], headers: Mapping[str, str], body: bytes
) -> str:
    """To the first address that can be connected to: not every server here has IPv6."""
    failure: httpx2.HTTPError | None = None
    for address in addresses:
        there = target.copy_with(host=str(address))
        name = {"sni_hostname": target.host}
        try:
            with client.stream("POST", there, headers=headers, content=body, extensions=name) as answer:
                return _outcome(answer)
        except (httpx2.ConnectError, httpx2.ConnectTimeout) as error:
            failure = error
    raise failure or DeliveryFailed("The name has no address.")


def _outcome(answer: httpx2.Response) -> str:
    status = f"{answer.status_code} {answer.reason_phrase}".strip()
    if answer.is_success:
        return status
    if answer.is_redirect:
        raise DeliveryFailed(f"Answered {status}: redirects are not followed. Enter the final address.", for_good=True)
    raise DeliveryFailed(f"Answered {status}.", for_good=answer.status_code == _GONE)
