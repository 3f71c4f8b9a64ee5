"""Locks by name over all processes that share a database: who does what only one should do at a time.

On PostgreSQL they are advisory locks of a connection, so they end with the process that holds them, however it ends; a
pooler between them must give a client one connection for its whole session. SQLite serves one server process, whose
threads share a set.
"""

import hashlib
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.exc import SQLAlchemyError

_log = logging.getLogger("keytrail")
_MIGRATION: Final = "migration"


class Locks:
    """The named locks of one database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._shared = engine.dialect.name == "postgresql"
        self._guard = threading.Lock()
        self._held: set[str] = set()

    @contextmanager
    def held(self, name: str) -> Iterator[bool]:
        """Whether the lock could be had; it is held until the block ends. Waits for nobody."""
        with self._on_the_server(name) if self._shared else self._here(name) as mine:
            yield mine

    @contextmanager
    def _here(self, name: str) -> Iterator[bool]:
        with self._guard:
            mine = name not in self._held
            self._held.add(name)
        try:
            yield mine
        finally:
            if mine:
                with self._guard:
                    self._held.discard(name)

    @contextmanager
    def _on_the_server(self, name: str) -> Iterator[bool]:
        key = key_of(name)
        with self._engine.connect() as plain:
            connection = plain.execution_options(isolation_level="AUTOCOMMIT")
            mine = bool(connection.scalar(select(func.pg_try_advisory_lock(key))))
            try:
                yield mine
            finally:
                if mine:
                    _unlock(connection, key)


@contextmanager
def migrating(connection: Connection) -> Iterator[None]:
    """One at a time: whoever comes meanwhile waits, and then finds nothing left to do."""
    if connection.dialect.name != "postgresql":
        yield
        return
    connection.execute(select(func.pg_advisory_lock(key_of(_MIGRATION))))
    try:
        yield
    finally:
        connection.rollback()  # of what failed; nothing if all was committed
        connection.execute(select(func.pg_advisory_unlock(key_of(_MIGRATION))))


def key_of(name: str) -> int:
    """64 bits for PostgreSQL; other programs in the same database use other names."""
    return int.from_bytes(hashlib.sha256(f"keytrail {name}".encode()).digest()[:8], "big", signed=True)


def _unlock(connection: Connection, key: int) -> None:
    try:
        connection.execute(select(func.pg_advisory_unlock(key)))
    except SQLAlchemyError as error:
        # The server was restarted: the lock went with the connection, and this one must not come back to the pool.
        _log.warning("a lock was lost with its connection (%s)", type(error.__cause__ or error).__name__)
        connection.invalidate()
