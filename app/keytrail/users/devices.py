"""Known devices: browsers that signed in before are let through while others guess passwords (throttle.py).

The mark is a signed cookie, and no sign-in by itself. It depends on the password's hash, so it ends with the password.
"""

import hashlib
import hmac
import secrets

from keytrail.keyring import Keyring
from keytrail.models import User

LASTS_DAYS = 365
_PURPOSE = "known device"


def device_mark(keyring: Keyring, user: User) -> str:
    """Create a mark for a browser in which this user has just signed in."""
    device = secrets.token_urlsafe(12)
    return f"{device}.{_signature(keyring, user, device)}"


def known_device(keyring: Keyring, user: User | None, mark: str) -> str | None:
    """Return the device's id if the mark is valid for this user's current password, else None."""
    device, _, signature = mark.partition(".")
    if user is None or not hmac.compare_digest(_signature(keyring, user, device).encode(), signature.encode()):
        return None
    return device


def _signature(keyring: Keyring, user: User, device: str) -> str:
    signed = f"{user.id}\n{device}\n{user.password_hash}"
    return hmac.new(keyring.key(_PURPOSE), signed.encode(errors="replace"), hashlib.sha256).hexdigest()
