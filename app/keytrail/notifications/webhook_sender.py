"""Post a message to a webhook."""

from collections.abc import Mapping, Sequence
from threading import Timer
from typing import Final
from urllib.parse import urlsplit

import httpx2

from keytrail.notifications.failures import DeliveryFailed
from keytrail.notifications.public_addresses import resolve

_TIMEOUT_S: Final = 10.0
_GONE: Final = 410
_PORTS: Final = {"http": 80, "https": 443}


def post(
    url: str, headers: Mapping[str, str], body: bytes, allowed_networks: Sequence[str], *, most_s: float = 30.0
) -> str:
    """Post a message and describe the answer's status. Raises DeliveryFailed.

    Security: connects to an address that was checked, follows no redirect, uses no proxy, reads no body, and ends after
    `most_s` seconds, however slowly the other side answers.
    """
    target = httpx2.URL(url)
    address = resolve(target.host, target.port or _PORTS[target.scheme], allowed_networks)
    sent = {**headers, "content-type": "application/json", "user-agent": "Keytrail", "host": urlsplit(url).netloc}
    try:
        with httpx2.Client(trust_env=False, follow_redirects=False, timeout=_TIMEOUT_S) as client:
            ending = Timer(most_s, client.close)
            ending.daemon = True
            ending.start()
            try:
                with client.stream(
                    "POST",
                    target.copy_with(host=str(address)),
                    headers=sent,
                    content=body,
                    extensions={"sni_hostname": target.host},
                ) as answer:
                    return _outcome(answer)
            finally:
                ending.cancel()
    except (httpx2.HTTPError, RuntimeError) as error:  # RuntimeError: closed by the timer
        raise DeliveryFailed(f"No answer: {type(error).__name__}.") from error


def _outcome(answer: httpx2.Response) -> str:
    said = f"{answer.status_code} {answer.reason_phrase}".strip()
    if answer.is_success:
        return said
    if answer.is_redirect:
        raise DeliveryFailed(f"Answered {said}: redirects are not followed. Enter the final address.", for_good=True)
    raise DeliveryFailed(f"Answered {said}.", for_good=answer.status_code == _GONE)
