"""The archive file of a backup: lines of JSON, compressed and encrypted.

It has a header; then for each table its name and columns, its rows, and their number; and finally the number of tables.
A file that ends earlier is not a backup.
"""

import gzip
import json
import os
import secrets
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
from keytrail.operations.backup.rows import Row, last_ids, moment_of, rows_of, tables
from keytrail.operations.backup.sealing import DamagedBackup, Opener, Sealer
from keytrail.schema_version import revision_of

_LEVEL: Final = 6


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
    """A backup that is open for reading, once and from its beginning."""

    def __init__(self, lines: Iterator[Any]) -> None:
        self._lines = lines
        try:
            self.header = BackupHeader(**next(lines))
        except TypeError:
            raise DamagedBackup("This backup was made by a newer version of Keytrail. Install that version.") from None

    def tables(self) -> Iterator[tuple[str, list[str], Iterator[Row]]]:
        """Yield name, columns and rows of each table; consume the rows before the next table.

        Raises DamagedBackup at the end if something is missing.
        """
        for found, entry in enumerate(self._lines):
            if "tables" in entry:
                if entry["tables"] != found:
                    raise DamagedBackup("This backup lacks tables.")
                return
            yield entry["table"], entry["columns"], self._rows(entry["table"])
        raise DamagedBackup("This backup is truncated.")

    def _rows(self, table: str) -> Iterator[Row]:
        for count, entry in enumerate(self._lines):
            if isinstance(entry, dict):
                if entry.get("rows") != count:
                    raise DamagedBackup(f"This backup lacks rows of the table {table}.")
                return
            yield entry


@contextmanager
def read_backup(file: Path, passphrase: str) -> Iterator[BackupFile]:
    """Open a backup. Raises DamagedBackup, here or while it is read, and BadSettings if there is no such file."""
    if not file.is_file():
        raise BadSettings(f"There is no file {file}.")
    with file.open("rb") as raw:
        opener = BufferedReader(Opener(raw, passphrase))
        with gzip.GzipFile(fileobj=opener, mode="rb") as packed, TextIOWrapper(packed, encoding="ascii") as text:
            yield BackupFile(json.loads(line) for line in text)
