"""The keyring: keys for signatures and pseudonyms, all derived from one root secret."""

import base64
import hashlib
import hmac
import os
import secrets
from pathlib import Path

from keytrail.errors import BadSettings
from keytrail.settings import Settings

_FILE = "secret.key"


class Keyring:
    """Derive one key per purpose from the root secret."""

    def __init__(self, root: bytes) -> None:
        self._root = root

    def key(self, purpose: str) -> bytes:
        """Return the 32-byte key of a purpose (HMAC-SHA256 of the purpose under the root secret)."""
        return hmac.digest(self._root, purpose.encode(), hashlib.sha256)

    def pseudonym(self, scope: str, identity: str, length: int = 12) -> str:
        """Return a stable name for `identity` within `scope` that cannot be reversed without the root secret.

        Lower-case base32; 12 letters are 60 bits.
        """
        digest = hmac.digest(self.key("pseudonym"), f"{scope}\n{identity}".encode(), hashlib.sha256)
        return base64.b32encode(digest).decode().lower()[:length]


def has_key(settings: Settings) -> bool:
    """Return whether this installation has a root secret already."""
    return settings.secret_key is not None or (settings.data_dir / _FILE).exists()


def load_keyring(settings: Settings) -> Keyring:
    """Return the keyring of this installation; generate the root secret on first start (file mode 600)."""
    if settings.secret_key is not None:
        return Keyring(settings.secret_key.get_secret_value().encode())
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    path = settings.data_dir / _FILE
    _generate_once(path)
    root = path.read_bytes().strip()
    if len(root) < 32:  # noqa: PLR2004  # as in Settings.secret_key
        raise BadSettings(f"{path} is damaged (shorter than 32 characters). Restore it from a backup.")
    return Keyring(root)


def _generate_once(path: Path) -> None:
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_hex(32).encode())
