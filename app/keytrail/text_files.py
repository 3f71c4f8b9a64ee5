"""Open text files that people give to commands: UTF-8 with or without a byte-order mark, also compressed with gzip."""

import gzip
import io
import json
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO, Final, TextIO, cast

from keytrail.errors import ImportFailed

_GZIP: Final = b"\x1f\x8b"
_ZIP: Final = b"PK\x03\x04"
ENCODING: Final = "utf-8-sig"
"""UTF-8; a byte-order mark, which editors and spreadsheets on Windows write, is skipped."""


@contextmanager
def open_text(path: Path, *, newline: str | None = None) -> Iterator[TextIO]:
    """Open a text file, decompressed. Raises ImportFailed, also while it is read, with the cause and what to do."""
    with open_bytes(path) as raw:
        try:
            yield io.TextIOWrapper(cast("IO[bytes]", raw), encoding=ENCODING, newline=newline)
        except UnicodeDecodeError:
            raise ImportFailed(
                f"{path} is damaged or not UTF-8 text. Save it as UTF-8, or copy it again.", []
            ) from None


def read_text(path: Path) -> str:
    """Return the whole of a text file with its line ends as they are. Raises ImportFailed as `open_text` does."""
    with open_text(path, newline="") as file:
        return file.read()


@contextmanager
def open_bytes(path: Path) -> Iterator[BinaryIO | gzip.GzipFile]:
    """Open a file, decompressed if it is gzip by its name or content. Raises ImportFailed as `open_text` does."""
    try:
        with path.open("rb") as file, _unpacked(path, file) as unpacked:
            yield unpacked
    except EOFError:
        raise ImportFailed(f"{path} is cut off: its gzip data end too early. Copy or download it again.", []) from None
    except (gzip.BadGzipFile, zlib.error):
        raise ImportFailed(f"{path} is damaged or no gzip file. Copy or download it again.", []) from None
    except OSError as error:
        raise unreadable(path, error) from None


def _unpacked(path: Path, file: BinaryIO) -> BinaryIO | gzip.GzipFile:
    start = file.read(len(_ZIP))
    file.seek(0)
    if start == _ZIP:
        raise ImportFailed(
            f"{path} is a ZIP archive or a workbook. Unpack it or save the sheet as CSV, and give that file.", []
        )
    return gzip.GzipFile(fileobj=file) if path.suffix == ".gz" or start.startswith(_GZIP) else file


def unreadable(path: Path, error: OSError) -> ImportFailed:
    """Return the failure for a file that cannot be opened or read."""
    if isinstance(error, FileNotFoundError):
        return ImportFailed(f"{path} cannot be read: there is no such file. Check its path.", [])
    if isinstance(error, IsADirectoryError):
        return ImportFailed(f"{path} cannot be read: it is a folder. Give a file.", [])
    if isinstance(error, PermissionError):
        return ImportFailed(f"{path} cannot be read: this user may not open it. Change the file's permissions.", [])
    reason = error.strerror or "the operating system reports an error"
    return ImportFailed(f"{path} cannot be read: {reason}. Check the disk, or copy the file again.", [])


def not_json(error: ValueError) -> str:
    """Return why a line, or a value, is not JSON, to follow the line's number."""
    if isinstance(error, json.JSONDecodeError):
        return f"not JSON from character {error.pos + 1} on. Correct it, or write the file again."
    return "not JSON that can be read: a number is too long. Correct it, or write the file again."
