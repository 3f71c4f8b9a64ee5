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
    return f"{device}.{_signature(keyring.signing_keys(_PURPOSE)[-1], user, device)}"


def known_device(keyring: Keyring, user: User | None, mark: str) -> str | None:
    """Return the device's id if the mark is valid for this user's current password, else None."""
    device, _, signature = mark.partition(".")
    if user is None:
        return None
    valid = [_signature(key, user, device) for key in keyring.signing_keys(_PURPOSE)]
    return device if any(hmac.compare_digest(one.encode(), signature.encode()) for one in valid) else None


def _signature(key: bytes, user: User, device: str) -> str:
    signed = f"{user.id}\n{device}\n{user.password_hash}"
    return hmac.new(key, signed.encode(errors="replace"), hashlib.sha256).hexdigest()
