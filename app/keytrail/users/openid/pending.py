"""Pending sign-ins: an encrypted cookie while the user is at the provider.

Without it an answer of the provider is worth nothing, so nobody can be signed in by a link that somebody else made,
and no process has to remember who went away.
"""

import base64
import hashlib
import hmac
import json
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

from cryptography.fernet import InvalidToken

from keytrail.errors import BadRequest
from keytrail.keyring import Keyring

PENDING_MINUTES: Final = 15
_PURPOSE: Final = "openid sign-in"


@dataclass(frozen=True)
class PendingSignIn:
    """The secrets of one sign-in, and the page to show afterwards.

    `state` comes back in the address, `nonce` in the ID token; `verifier` proves to the provider that whoever redeems
    the code asked for it (RFC 7636).
    """

    state: str
    nonce: str
    verifier: str
    wanted: str

    @classmethod
    def fresh(cls, wanted: str) -> "PendingSignIn":
        """Return a sign-in to begin, with secrets of its own."""
        return cls(secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48), wanted)

    @property
    def challenge(self) -> str:
        """The S256 code challenge (RFC 7636, section 4.2)."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def seal_pending(keyring: Keyring, pending: PendingSignIn, now: datetime) -> str:
    """Return the value of the cookie that holds a pending sign-in, encrypted and dated."""
    content = json.dumps(asdict(pending)).encode()
    return keyring.fernet(_PURPOSE).encrypt_at_time(content, int(now.timestamp())).decode()


def open_pending(keyring: Keyring, cookie: str, state: str, now: datetime) -> PendingSignIn:
    """Raises BadRequest if this browser did not begin the sign-in that `state` belongs to, or did so too long ago."""
    try:
        content = keyring.fernet(_PURPOSE).decrypt_at_time(cookie.encode(), PENDING_MINUTES * 60, int(now.timestamp()))
    except InvalidToken:
        raise _other_browser() from None
    pending = PendingSignIn(**json.loads(content))
    if not hmac.compare_digest(pending.state.encode(), state.encode(errors="replace")):
        raise _other_browser()
    return pending


def _other_browser() -> BadRequest:
    return BadRequest(
        f"This sign-in was not begun in this browser window, or more than {PENDING_MINUTES} minutes ago. Begin again.",
        code="other_browser",
    )
