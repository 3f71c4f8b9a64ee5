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
    if settings.secret_key is None:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        _store_once(settings.data_dir / _FILE, secrets.token_hex(32).encode())
    return Keyring(root_secret(settings))


def root_secret(settings: Settings) -> bytes:
    """Return the root secret, for a backup. Raises BadSettings if it is damaged."""
    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value().encode()
    path = settings.data_dir / _FILE
    root = path.read_bytes().strip()
    if len(root) < 32:  # noqa: PLR2004  # as in Settings.secret_key
        raise BadSettings(f"{path} is damaged (shorter than 32 characters). Restore it from a backup.")
    return root


def restore_root_secret(settings: Settings, root: bytes) -> None:
    """Make this installation's root secret the one of a backup. Raises BadSettings if it has another one already."""
    if settings.secret_key is None:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        _store_once(settings.data_dir / _FILE, root)
    if not hmac.compare_digest(root_secret(settings), root):
        raise BadSettings(
            "This installation has another secret key than the backup. Restore into a new data folder "
            "(KEYTRAIL_DATA_DIR), or move secret.key away and unset KEYTRAIL_SECRET_KEY. Nothing was restored."
        )


def _store_once(path: Path, root: bytes) -> None:
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "wb") as file:
        file.write(root)
