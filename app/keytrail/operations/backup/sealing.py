"""Encrypt (seal) a file with a passphrase; a changed, cut or reordered file is detected.

The STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015), as in the file format of age: pieces of 64 KiB, each
encrypted by ChaCha20-Poly1305 with a nonce that counts the pieces and marks the last one. The key is derived with
scrypt (RFC 7914).
"""

import hashlib
import io
import secrets
from typing import TYPE_CHECKING, BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from keytrail.errors import DomainError

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

_MAGIC: Final = b"keytrail-backup-1\n"
_SALT, _PREFIX = 16, 7
_PIECE: Final = 64 * 1024
_TAG: Final = 16


class DamagedBackup(DomainError):
    """A file that is not a backup, was cut or changed, or was encrypted with another passphrase."""

    status = 400
    code = "damaged_backup"


class Sealer(io.RawIOBase):
    """Encrypts data written to it into `file`; only `finish` completes the file."""

    def __init__(self, file: BinaryIO, passphrase: str) -> None:
        salt, prefix = secrets.token_bytes(_SALT), secrets.token_bytes(_PREFIX)
        self._file = file
        self._head = _MAGIC + salt + prefix
        self._pieces = _Pieces(passphrase, salt, prefix)
        self._waiting = bytearray()
        file.write(self._head)

    def writable(self) -> bool:
        """Return true; it can only be written."""
        return True

    def write(self, data: "ReadableBuffer") -> int:
        """Accept data; complete pieces are written to the file."""
        self._waiting += data
        while len(self._waiting) > _PIECE:
            self._file.write(self._pieces.seal(bytes(self._waiting[:_PIECE]), self._head, last=False))
            del self._waiting[:_PIECE]
        return len(memoryview(data))

    def finish(self) -> None:
        """Write the last piece, without which a file counts as cut."""
        self._file.write(self._pieces.seal(bytes(self._waiting), self._head, last=True))


class Opener(io.RawIOBase):
    """Decrypts a Sealer's file. Raises DamagedBackup at the first piece that was changed."""

    def __init__(self, file: BinaryIO, passphrase: str) -> None:
        self._file = file
        self._head = file.read(len(_MAGIC) + _SALT + _PREFIX)
        if not self._head.startswith(_MAGIC) or len(self._head) < len(_MAGIC) + _SALT + _PREFIX:
            raise DamagedBackup("This file is not a Keytrail backup, or it was truncated.")
        salt = self._head[len(_MAGIC) : -_PREFIX]
        self._pieces = _Pieces(passphrase, salt, self._head[-_PREFIX:])
        self._next = file.read(_PIECE + _TAG)
        self._plain = b""
        self._ended = False

    def readable(self) -> bool:
        """Return true; it can only be read."""
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        """Read decrypted data, and decrypt the next piece when it is used up."""
        if not self._plain and not self._ended:
            sealed, self._next = self._next, self._file.read(_PIECE + _TAG)
            self._ended = not self._next
            self._plain = self._pieces.open(sealed, self._head, last=self._ended)
        view = memoryview(buffer)
        taken = min(len(view), len(self._plain))
        view[:taken] = self._plain[:taken]
        self._plain = self._plain[taken:]
        return taken


class _Pieces:
    """The key, and the number of pieces encrypted or decrypted so far."""

    def __init__(self, passphrase: str, salt: bytes, prefix: bytes) -> None:
        self._cipher = ChaCha20Poly1305(_key(passphrase, salt))
        self._prefix = prefix
        self._count = 0

    def seal(self, plain: bytes, head: bytes, *, last: bool) -> bytes:
        return self._cipher.encrypt(self._nonce(last=last), plain, head)

    def open(self, sealed: bytes, head: bytes, *, last: bool) -> bytes:
        first = self._count == 0
        try:
            return self._cipher.decrypt(self._nonce(last=last), sealed, head)
        except InvalidTag:
            raise DamagedBackup(
                "This backup cannot be opened: the passphrase is wrong, or the file was truncated or changed."
                if first
                else "This backup was truncated or changed. Use another one."
            ) from None

    def _nonce(self, *, last: bool) -> bytes:
        nonce = self._prefix + self._count.to_bytes(4, "big") + bytes([last])
        self._count += 1
        return nonce


def _key(passphrase: str, salt: bytes) -> bytes:
    """Derive the key with 64 MB and about a fifth of a second for each guess. Change it only with a new magic line."""
    return hashlib.scrypt(passphrase.encode(), salt=salt, n=2**16, r=8, p=1, maxmem=2**27, dklen=32)
