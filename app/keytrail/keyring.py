"""The keyring: keys for signatures and pseudonyms, all derived from root secrets.

An installation has two: the lasting root, from which pseudonyms and the chain of evidence derive and which is never
replaced, and the present one, for tickets and encrypted secrets, which `keytrail rotate-key` replaces. Until the first
rotation they are the same.
"""

import base64
import hashlib
import hmac
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

from cryptography.fernet import Fernet, MultiFernet

from keytrail.errors import BadSettings
from keytrail.settings import Settings

_FILE: Final = "secret.key"
_NEXT_FILE: Final = "secret.key.new"
_SHORTEST: Final = 32  # as in Settings.secret_key
_LONGEST: Final = 4096


@dataclass(frozen=True, repr=False)
class Roots:
    """The present root, the lasting one, and during a rotation the one before, which may still be the one to sign
    with.
    """

    present: bytes
    lasting: bytes
    earlier: bytes | None = None
    earlier_signs: bool = False
    _derived: dict[str, tuple[bytes, ...]] = field(default_factory=dict, compare=False)

    def replaceable(self, purpose: str) -> tuple[bytes, ...]:
        """The keys of a purpose that are accepted; the last one signs."""
        found = self._derived.get(purpose)
        if found is None:
            roots = [self.present] if self.earlier is None else [self.earlier, self.present]
            keys = [derived_key(root, purpose) for root in roots]
            found = self._derived[purpose] = tuple(reversed(keys) if self.earlier_signs else keys)
        return found


class Keyring:
    """Derive one key per purpose. `adopt` replaces the roots in a running process."""

    def __init__(self, root: bytes | Roots) -> None:
        self.roots = root if isinstance(root, Roots) else Roots(root, root)

    def adopt(self, roots: Roots) -> None:
        """Use other roots from now on."""
        self.roots = roots

    def key(self, purpose: str) -> bytes:
        """Return the 32-byte key of a purpose that must never change (HMAC-SHA256 of it under the lasting root)."""
        return derived_key(self.roots.lasting, purpose)

    def signing_keys(self, purpose: str) -> tuple[bytes, ...]:
        """Return the keys of a purpose that a rotation replaces: all are accepted, the last one signs."""
        return self.roots.replaceable(purpose)

    def fernet(self, purpose: str) -> MultiFernet:
        """Return what encrypts and decrypts under the signing keys of a purpose."""
        return _fernet(self.signing_keys(purpose))

    def pseudonym(self, scope: str, identity: str, length: int = 12) -> str:
        """Return a stable name for `identity` within `scope` that cannot be reversed without the lasting root.

        Lower-case base32; 12 letters are 60 bits.
        """
        digest = hmac.digest(self.key("pseudonym"), f"{scope}\n{identity}".encode(), hashlib.sha256)
        return base64.b32encode(digest).decode().lower()[:length]


def derived_key(root: bytes, purpose: str) -> bytes:
    """The key of a purpose under a root."""
    return hmac.digest(root, purpose.encode(), hashlib.sha256)


@cache
def _fernet(keys: tuple[bytes, ...]) -> MultiFernet:
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in reversed(keys)])


def has_key(settings: Settings) -> bool:
    """Return whether this installation has a root secret already."""
    return settings.secret_key is not None or (settings.data_dir / _FILE).exists()


def load_keyring(settings: Settings) -> Keyring:
    """Return the keyring of this installation's root secret alone; generate it on first start (file mode 600).

    `key_check.open_keyring` also knows what a rotation has left in the database.
    """
    if settings.secret_key is None:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        _store_once(settings.data_dir / _FILE, secrets.token_hex(32).encode())
    return Keyring(root_secret(settings))


def root_secret(settings: Settings) -> bytes:
    """Return the root secret, for a backup. Raises BadSettings if it is damaged."""
    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value().encode()
    return _read(settings.data_dir / _FILE)


def next_root_secret(settings: Settings, *, make: bool) -> bytes | None:
    """Return the root that a rotation is about to use, from its own file; `make` one if there is none."""
    path = settings.data_dir / _NEXT_FILE
    if make:
        _store_once(path, secrets.token_hex(32).encode())
    return _read(path) if path.exists() else None


def use_next_root_secret(settings: Settings) -> None:
    """Put the next root in the place of the present one, in one step."""
    (settings.data_dir / _NEXT_FILE).replace(settings.data_dir / _FILE)
    _sync_folder(settings.data_dir)


def is_root_secret(value: object) -> bool:
    """Whether a value read from elsewhere can be an installation's root secret."""
    if not isinstance(value, str):
        return False
    root = value.encode(errors="ignore")
    return root.decode() == value and len(root.strip()) >= _SHORTEST and len(root) <= _LONGEST


@contextmanager
def restored_root_secret(settings: Settings, root: bytes) -> Iterator[None]:
    """Make this installation's root secret the one of a backup, unless the block, which restores the rest, fails.

    Raises BadSettings if the installation has another one already.
    """
    is_new = settings.secret_key is None and not (settings.data_dir / _FILE).exists()
    if settings.secret_key is None:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        _store_once(settings.data_dir / _FILE, root)
    try:
        _require_root(settings, root)
        yield
    except BaseException:
        if is_new:
            (settings.data_dir / _FILE).unlink(missing_ok=True)
        raise


def _require_root(settings: Settings, root: bytes) -> None:
    if not hmac.compare_digest(root_secret(settings), root):
        raise BadSettings(
            "This installation has another secret key than the backup. Restore into a new data folder "
            "(KEYTRAIL_DATA_DIR), or move secret.key away and unset KEYTRAIL_SECRET_KEY. Nothing was restored."
        )


def _read(path: Path) -> bytes:
    root = path.read_bytes().strip()
    if len(root) < _SHORTEST:
        raise BadSettings(f"{path} is damaged (shorter than 32 characters). Restore it from a backup.")
    return root


def _store_once(path: Path, root: bytes) -> None:
    """Store a root unless there is one. It appears complete or not at all: half a key would be taken for damaged."""
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(root)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(partial, path)
    finally:
        partial.unlink()
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Let a new name in a folder survive a power cut. The database that is about to need this root does."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
