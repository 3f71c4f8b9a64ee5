"""Restore a backup into an empty database."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import OperationalError, StatementError

from keytrail.db import Database
from keytrail.errors import BadSettings, Conflict
from keytrail.models import Base, InstallationFact
from keytrail.operations.backup.archive import BackupFile
from keytrail.operations.backup.rows import AT_A_TIME, Row, set_last_ids, store_rows, tables
from keytrail.operations.backup.sealing import DamagedBackup
from keytrail.schema_version import known_revisions, revision_of

_MOST_TOGETHER: Final = 16 * 2**20
"""Characters of rows that are stored together."""


def restore_backup(database: Database, backup: BackupFile) -> dict[str, int]:
    """Restore all rows in one transaction. Return the number of rows by table.

    Raises Conflict if the database is not empty, BadSettings if the backup has another schema, and DamagedBackup.
    Nothing is stored then.
    """
    counts = {}
    with database.appending() as db:
        require_empty(db)
        _require_same_schema(db, backup)
        for name, columns, rows in backup.tables():
            table = Base.metadata.tables[name]
            if columns != [column.name for column in table.columns]:
                raise BadSettings(f"The table {name} has other columns in this version. {_OTHER_VERSION}")
            counts[name] = 0
            for group in in_groups(rows):
                with _storable(name):
                    store_rows(db, table, group)
                counts[name] += len(group)
        with _storable("ids"):
            set_last_ids(db, backup.header.last_ids)
    return counts


@contextmanager
def _storable(what: str) -> Iterator[None]:
    """Raises DamagedBackup for what cannot have come out of a database with this schema; a full disk stays an error."""
    try:
        yield
    except (ValueError, TypeError, OverflowError, StatementError) as error:
        if isinstance(error, OperationalError):
            raise
        raise DamagedBackup(
            f"This backup does not fit together ({what}), so nothing of it was stored. Use another one."
        ) from None


def require_empty(db: Connection) -> None:
    """Raise Conflict if the database has rows. The check value of a secret key, which every start stores, is
    deleted.
    """
    db.execute(InstallationFact.metadata.tables[InstallationFact.__tablename__].delete())
    for table in tables():
        if db.scalar(select(func.count()).select_from(table)):
            raise Conflict(
                f"This database is not empty: the table {table.name} has rows. Name an empty one "
                "(KEYTRAIL_DATABASE_URL), or another data folder (KEYTRAIL_DATA_DIR).",
                code="not_empty",
            )


def in_groups(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Yield groups of at most a thousand rows, and of few where rows are long."""
    group: list[Row] = []
    size = 0
    for row in rows:
        group.append(row)
        size += sum(len(cell) for cell in row if isinstance(cell, str))
        if len(group) == AT_A_TIME or size > _MOST_TOGETHER:
            yield group
            group, size = [], 0
    if group:
        yield group


_OTHER_VERSION = "Install the version of Keytrail that made the backup, restore there, then upgrade."


def _require_same_schema(db: Connection, backup: BackupFile) -> None:
    made_by = f"This backup was made by Keytrail {backup.header.version}"
    if backup.header.revision not in known_revisions():
        raise BadSettings(f"{made_by}, which is newer than this one or was never released. Install it to restore.")
    if backup.header.revision != revision_of(db):
        raise BadSettings(f"{made_by}. {_OTHER_VERSION}")
