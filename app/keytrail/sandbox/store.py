"""The sandbox's store: an SQLite file with one transaction at a time."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, select
from sqlalchemy.orm import Session

from keytrail.errors import BadSettings
from keytrail.sandbox.columns import Base
from keytrail.sandbox.tables import SCHEMA_VERSION, SchemaVersion


class Store:
    """The marketplace's SQLite file.

    Units of work run one after another: a marketplace for one lab writes on nearly every request (people's clicks
    advance time-driven states), and queueing on a lock is cheaper and fairer than SQLite's busy polling.
    """

    def __init__(self, database: Path) -> None:
        database.parent.mkdir(parents=True, exist_ok=True)
        self._engine = _engine(database)
        self._turn = threading.Lock()
        Base.metadata.create_all(self._engine)
        with self.unit() as db:
            _check_version(db)

    @contextmanager
    def unit(self) -> Iterator[Session]:
        """Begin one transaction: committed durably when the block ends; rolled back if it raises."""
        with self._turn, Session(self._engine, expire_on_commit=False) as db, db.begin():
            yield db

    def close(self) -> None:
        """Close the file."""
        self._engine.dispose()


def _engine(database: Path) -> Engine:
    engine = create_engine(f"sqlite:///{database}", connect_args={"timeout": 30})
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin)
    return engine


def _configure(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver must not begin transactions of its own; `_begin` does
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")  # an acknowledged submission survives SIGKILL and power loss
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _check_version(db: Session) -> None:
    version = db.scalar(select(SchemaVersion.version))
    if version is None:
        db.add(SchemaVersion(version=SCHEMA_VERSION))
    elif version != SCHEMA_VERSION:
        raise BadSettings(
            f"The sandbox's database has schema version {version}, this program needs {SCHEMA_VERSION}. "
            "Move the file away to start with an empty marketplace."
        )
