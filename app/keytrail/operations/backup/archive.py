"""The archive file of a backup: lines of JSON, compressed and encrypted.

It has a header; then for each table its name and columns, its rows, and their number; and finally the number of tables.
A file that ends earlier is not a backup.
"""

import gzip
import json
import os
import re
import secrets
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from io import BufferedReader, TextIOWrapper
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

from keytrail import __version__
from keytrail.db import Database
from keytrail.errors import BadSettings, Conflict
from keytrail.key_rotation import facts_of, is_earlier
from keytrail.keyring import is_root_secret
from keytrail.operations.backup.rows import Row, last_ids, moment_of, rows_of, tables
from keytrail.operations.backup.sealing import DamagedBackup, Opener, Sealer
from keytrail.schema_version import revision_of

_LEVEL: Final = 6
_LONGEST_LINE: Final = 256 * 2**20
"""Characters. The largest honest row is an uploaded file, 33 MB as Base64 with the usual limit."""
_MOST_PARTS: Final = 5_000_000
"""Commas and brackets of a line, each of which may cost a hundred times its size once it is read."""
_LARGEST_ID: Final = 2**63 - 1
_VERSION: Final = re.compile(r"[A-Za-z0-9.+_-]{1,64}")


@dataclass(frozen=True)
class BackupHeader:
    """The header of a backup. `secret_key` is the root of all signatures; ids up to `last_ids` must not be
    used again.
    """

    version: str
    revision: str
    made_at: str
    secret_key: str
    last_ids: Mapping[str, int]

    @classmethod
    def read(cls, found: Any) -> "BackupHeader":
        """Raises DamagedBackup for anything that no version of Keytrail writes: a file may be made to do harm."""
        if not isinstance(found, dict) or "secret_key" not in found:
            raise DamagedBackup(_NOT_OURS)
        try:
            header = cls(**found)
        except TypeError:
            raise DamagedBackup("This backup was made by a newer version of Keytrail. Install that version.") from None
        ids = header.last_ids if isinstance(header.last_ids, dict) else {"": None}
        if not (
            all(isinstance(each, str) and _VERSION.fullmatch(each) for each in (header.version, header.revision))
            and _is_moment(header.made_at)
            and is_root_secret(header.secret_key)
            and all(type(last) is int and 0 <= last <= _LARGEST_ID for last in ids.values())
        ):
            raise DamagedBackup(_NOT_OURS)
        return header


_NOT_OURS: Final = (
    "This backup holds what Keytrail does not write. Restore only what comes from a server that you trust."
)


def _is_moment(value: Any) -> bool:
    try:
        return len(value) <= _LONGEST_MOMENT and datetime.fromisoformat(value).isoformat() == value
    except (TypeError, ValueError):
        return False


_LONGEST_MOMENT: Final = 40


def write_backup(database: Database, root: bytes, file: Path, passphrase: str, now: datetime) -> dict[str, int]:
    """Write a backup of one moment. Return the number of rows by table.

    Servers may run meanwhile. The file appears complete or not at all. Raises BadSettings if it exists or
    cannot be written, Conflict if `root` is not the present one at that moment.
    """
    if file.exists():
        raise _taken(file)
    # A name of its own, so that two backups at once cannot write into one file.
    partial = file.with_name(f".{file.name}.{secrets.token_hex(4)}.partial")
    try:
        with partial.open("xb") as raw:
            counts = _write(database, root, raw, passphrase, now)
            raw.flush()
            os.fsync(raw.fileno())
        _publish(partial, file)
    except OSError as error:
        raise BadSettings(f"{file} cannot be written: {error.strerror or error}. Nothing was backed up.") from error
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
    return counts


def _taken(file: Path) -> BadSettings:
    return BadSettings(f"{file} already exists. Choose another name, or remove the file.")


def _publish(partial: Path, file: Path) -> None:
    """Give a finished file its name, unless another backup has taken it meanwhile."""
    try:
        os.link(partial, file)
    except FileExistsError:
        raise _taken(file) from None
    except OSError:  # a file system without hard links
        if file.exists():
            raise _taken(file) from None
        partial.rename(file)


def _write(database: Database, root: bytes, raw: BinaryIO, passphrase: str, now: datetime) -> dict[str, int]:
    sealer = Sealer(raw, passphrase)
    counts: dict[str, int] = {}
    with gzip.GzipFile(fileobj=cast("BinaryIO", sealer), mode="wb", compresslevel=_LEVEL, mtime=0) as packed:

        def line(value: object) -> None:
            packed.write(json.dumps(value, separators=(",", ":")).encode() + b"\n")

        with moment_of(database.engine) as db:
            _require_present(root, facts_of(db))
            revision = revision_of(db)
            line(asdict(BackupHeader(__version__, revision, now.isoformat(), root.decode(), last_ids(db))))
            for table in tables():
                line({"table": table.name, "columns": [column.name for column in table.columns]})
                counts[table.name] = 0
                for row in rows_of(db, table):
                    line(row)
                    counts[table.name] += 1
                line({"rows": counts[table.name]})
        line({"tables": len(counts)})
    sealer.finish()
    return counts


def _require_present(root: bytes, facts: Mapping[str, str]) -> None:
    """A key that was replaced between the start of the command and the moment of the backup opens nothing in it."""
    if facts and is_earlier(root, facts):
        raise Conflict("The secret key was replaced meanwhile. Nothing was backed up: run the command again.")


class BackupFile:
    """A backup that is open for reading, once and from its beginning.

    Whoever has its passphrase can have written anything into it. What is no backup raises DamagedBackup.
    """

    def __init__(self, lines: Iterator[Any]) -> None:
        self._lines = lines
        self.header = BackupHeader.read(next(lines, None))

    def tables(self) -> Iterator[tuple[str, Any, Iterator[Row]]]:
        """Yield name, columns and rows of each table; consume the rows before the next table.

        Raises DamagedBackup at the end if something is missing.
        """
        known = {table.name for table in tables()}
        for found, entry in enumerate(self._lines):
            if not isinstance(entry, dict):
                raise DamagedBackup(_NOT_OURS)
            if "tables" in entry:
                if entry["tables"] != found or known:
                    raise DamagedBackup("This backup lacks tables.")
                return
            name = entry.get("table")
            if not isinstance(name, str) or name not in known:
                raise DamagedBackup(_NOT_OURS)
            known.remove(name)
            yield name, entry.get("columns"), self._rows(name)
        raise DamagedBackup("This backup is truncated.")

    def _rows(self, table: str) -> Iterator[Row]:
        for count, entry in enumerate(self._lines):
            if isinstance(entry, dict):
                if entry.get("rows") != count:
                    raise DamagedBackup(f"This backup lacks rows of the table {table}.")
                return
            if not isinstance(entry, list):
                raise DamagedBackup(_NOT_OURS)
            yield entry
        raise DamagedBackup("This backup is truncated.")


@contextmanager
def read_backup(file: Path, passphrase: str) -> Iterator[BackupFile]:
    """Open a backup. Raises DamagedBackup, here or while it is read, and BadSettings if there is no such file."""
    if not file.is_file():
        raise BadSettings(f"There is no file {file}.")
    with file.open("rb") as raw:
        opener = BufferedReader(Opener(raw, passphrase))
        with gzip.GzipFile(fileobj=opener, mode="rb") as packed, TextIOWrapper(packed, encoding="ascii") as text:
            yield BackupFile(_values(text))


def _values(text: TextIOWrapper) -> Iterator[Any]:
    """Yield the value of each line, of which only one is in memory."""
    while True:
        try:
            line = text.readline(_LONGEST_LINE + 1)
            if not line:
                return
            if len(line) > _LONGEST_LINE or sum(map(line.count, ",[{")) > _MOST_PARTS:
                raise DamagedBackup("This backup has a row that is too large to be one of Keytrail's.")
            value = json.loads(line)
        except (ValueError, RecursionError, EOFError, zlib.error, gzip.BadGzipFile):
            raise DamagedBackup(_NOT_OURS) from None
        yield value
