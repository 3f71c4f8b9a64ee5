"""Database engine, units of work and column types for SQLite and PostgreSQL."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    DateTime,
    Dialect,
    Engine,
    ExceptionContext,
    Text,
    create_engine,
    event,
    make_url,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

from keytrail.errors import BadRequest, BadSettings, Unavailable
from keytrail.language import message
from keytrail.write_queue import WriteQueue

CONNECTIONS = 16
"""How many requests may hold a connection at once, unless a setting says otherwise."""

_DRIVERS = {"sqlite", "sqlite+pysqlite", "postgresql+psycopg"}
_UNUSABLE = ("SQLITE_CANTOPEN", "SQLITE_NOTADB", "SQLITE_CORRUPT", "SQLITE_FULL", "SQLITE_IOERR", "SQLITE_READONLY")
_WRITES = "keytrail_writes"
_INGEST = "ingest"
_HAS_TURN = "keytrail_has_turn"
_BUSY_MS = 5000
# For code that needs a connection only while it holds a thread: sign-ins, live updates, exports, work after a response.
# It waits for nothing else, so each of them gets its turn.
_SPARE = 8
_POOL_WAIT_S = 10
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Lone surrogates and NUL are legal in a browser's text but not in a database's. Each is stored as a private-use
# character of plane 16 after an escape mark, so that every text can be stored and ordinary text stays searchable.
_ESCAPE = "\U0010fff0"
_BASE = 0x100000
_UNSTORABLE = re.compile(f"[\ud800-\udfff\0{_ESCAPE}]")
_ESCAPED = re.compile(f"{_ESCAPE}(.)", re.DOTALL)


class Database:
    """Units of work for reading and writing. Ingest has a separate engine and connection, and writes first.

    `queue` is where the process's writers wait for SQLite's write lock, which a unit of work takes with its first
    statement; PostgreSQL needs none.
    """

    def __init__(self, url: str, connections: int = CONNECTIONS) -> None:
        self.queue = WriteQueue()
        self.engine = make_engine(url, connections, _SPARE, self.queue)
        self.ingest = make_engine(url, 1, 1, self.queue)
        self._writer = self.engine.execution_options(**{_WRITES: True})
        self._appender = self.ingest.execution_options(**{_WRITES: _INGEST})

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Yield a session whose changes are discarded."""
        with Session(self.engine, autoflush=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Yield a session that commits at the end and rolls back on any error."""
        with Session(self._writer, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def previewing(self) -> Iterator[Session]:
        """Yield a session that locks as `writing` does and discards its changes: a rehearsal, to say what would happen.

        With `reading`, the first change after a read would fail on SQLite if anybody had written in between.
        """
        with Session(self._writer) as session:
            yield session

    @contextmanager
    def appending(self) -> Iterator[Connection]:
        """Like `writing`, without the ORM, for bulk inserts."""
        with self._appender.begin() as connection:
            yield connection

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()
        self.ingest.dispose()


def make_engine(
    url: str, connections: int = CONNECTIONS, spare: int = _SPARE, queue: WriteQueue | None = None
) -> Engine:
    """Create an engine with the pragmas or pool checks that Keytrail relies on.

    Statement parameters are hidden from errors and logs, because they contain texts, worker ids and hashes of secrets.
    Raises BadSettings for another kind of database, or what is no URL.
    """
    _require_known(url)
    sqlite = url.startswith("sqlite")
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_pre_ping=not sqlite,
        pool_size=connections,
        max_overflow=spare,
        pool_timeout=_POOL_WAIT_S,
    )
    event.listen(engine, "handle_error", _refuse_unstorable)
    if sqlite:
        event.listen(engine, "connect", _configure_sqlite)
        _take_turns(engine, queue or WriteQueue())
    return engine


def _require_known(url: str) -> None:
    """The URL itself is not repeated: it may contain a password."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        parsed = None
    if parsed is None or parsed.drivername not in _DRIVERS or not parsed.database:
        raise BadSettings(
            "This is not the URL of a database that Keytrail knows. Write postgresql+psycopg://user@host/name or "
            "sqlite:///file (KEYTRAIL_DATABASE_URL)."
        )


def unusable_database(error: BaseException) -> str | None:
    """Return a sentence if an error says that the database cannot be reached or used; nothing for other errors."""
    if not isinstance(error, DBAPIError) or error.orig is None:
        return None
    cause = error.orig
    of_sqlite = getattr(cause, "sqlite_errorname", "").startswith(_UNUSABLE)
    if not of_sqlite and not (isinstance(error, OperationalError) and not isinstance(cause, sqlite3.Error)):
        return None
    reason = (str(cause).strip().splitlines() or [type(cause).__name__])[0]
    return f"The database cannot be used: {reason}. 'keytrail doctor' says more."


def _take_turns(engine: Engine, queue: WriteQueue) -> None:
    """Let a transaction that writes wait for its turn before it begins; the next comes when its connection is back."""

    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(_WRITES, False)
        info = connection.connection.record_info
        if writes and info is not None and not info.get(_HAS_TURN):
            if not queue.acquire(_BUSY_MS / 1000, first=writes == _INGEST):
                raise OperationalError("BEGIN IMMEDIATE", None, sqlite3.OperationalError("database is locked"))
            info[_HAS_TURN] = True
        # A transaction that starts by reading and then writes fails at once if another one has written, so writers
        # lock first.
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    def leave(_connection: object, entry: ConnectionPoolEntry) -> None:
        if entry.record_info is not None and entry.record_info.pop(_HAS_TURN, False):
            queue.release()

    event.listen(engine, "begin", begin)
    event.listen(engine, "checkin", leave)


def _refuse_unstorable(context: ExceptionContext) -> None:
    """Turn values that no row can hold into a client error, on both databases.

    PostgreSQL refuses NUL and numbers too large for a column (DataError), SQLite integers beyond 64 bits
    (OverflowError), and neither accepts lone surrogates outside BrowserText (UnicodeEncodeError).
    """
    original = context.original_exception
    if isinstance(context.sqlalchemy_exception, DataError) or isinstance(original, OverflowError | UnicodeEncodeError):
        raise BadRequest(
            "Something in this request cannot be stored or looked up: a number that is too large, or a character that "
            "cannot be shown. Correct it and try again.",
            code="unstorable",
        ) from original


def _configure_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    # The driver's own BEGIN comes too late for savepoints and reads; _take_turns sends it instead.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={_BUSY_MS}"):
        connection.execute(f"PRAGMA {pragma}")


def insert_on_conflict(db: Session, table: type[Any]) -> Any:
    """Return an insert into a table that may say what to do on a conflict; each dialect has its own."""
    dialect = postgresql if db.get_bind().dialect.name == "postgresql" else sqlite
    return dialect.insert(table)


def storage_error(error: Exception) -> Unavailable:
    """Return a locked or full database as an error message; the caller may try again."""
    text = str(getattr(error, "orig", error)).lower()
    if "full" in text or "no space" in text:
        return Unavailable(
            message("The server's disk is full. Nothing saved is lost; please try again later."), code="storage_full"
        )
    return Unavailable(message("The server is busy. Please try again in a moment."))


class UtcDateTime(TypeDecorator[datetime]):
    """A time, always with a time zone in Python and always UTC in the database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Refuse naive times, whose meaning depends on the machine."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Add UTC to the naive times that SQLite returns."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class UtcMillis(TypeDecorator[datetime]):
    """A time in whole milliseconds since 1970: a quarter of the bytes of a time in SQLite, and exact in a hash."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> int | None:
        """Refuse naive times, like UtcDateTime."""
        return None if value is None else to_millis(value)

    def process_result_value(self, value: int | None, _dialect: Dialect) -> datetime | None:
        """Return the time in UTC."""
        return None if value is None else _EPOCH + timedelta(milliseconds=value)


def to_millis(value: datetime) -> int:
    """Return whole milliseconds since 1970, rounded down. Raises ValueError for a naive time."""
    if value.tzinfo is None:
        raise ValueError("a time without a zone cannot be stored")
    return (value - _EPOCH) // timedelta(milliseconds=1)


class BrowserText(TypeDecorator[str]):
    """Text as a browser holds it, possibly with lone surrogates and NUL, which both databases refuse."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> str | None:
        """Escape what the database cannot store."""
        return None if value is None else _UNSTORABLE.sub(_escape, value)

    def process_result_value(self, value: str | None, _dialect: Dialect) -> str | None:
        """Restore the characters that were stored escaped."""
        return value if value is None or _ESCAPE not in value else _ESCAPED.sub(_unescape, value)


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    return _ESCAPE + chr(_BASE + (1 if character == _ESCAPE else ord(character)))


def _unescape(match: re.Match[str]) -> str:
    code = ord(match[0][1]) - _BASE
    return _ESCAPE if code == 1 else chr(code)
