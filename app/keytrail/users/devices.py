"""Devices in which somebody signed in before: their right password passes while others guess (throttle.py).

The mark is a signed cookie and no sign-in: it opens nothing by itself. It rests on the password's hash, so that it ends
with the password.
"""

import hashlib
import hmac
import secrets

from keytrail.keyring import Keyring
from keytrail.models import User

LASTS_DAYS = 365
_PURPOSE = "known device"


def device_mark(keyring: Keyring, user: User) -> str:
    """A new mark for a browser in which this user has just given the right password."""
    device = secrets.token_urlsafe(12)
    return f"{device}.{_signature(keyring, user, device)}"


def known_device(keyring: Keyring, user: User | None, mark: str) -> str | None:
    """The device's id if the mark is one that this user's present password made, else None."""
    device, _, signature = mark.partition(".")
    if user is None or not hmac.compare_digest(_signature(keyring, user, device).encode(), signature.encode()):
        return None
    return device


def _signature(keyring: Keyring, user: User, device: str) -> str:
    signed = f"{user.id}\n{device}\n{user.password_hash}"
    return hmac.new(keyring.key(_PURPOSE), signed.encode(errors="replace"), hashlib.sha256).hexdigest()
