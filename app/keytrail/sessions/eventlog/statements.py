"""The SQL statements that store a group of batches, as text for the drivers.

Only ingest runs a thousand times a second, and there SQLAlchemy's own statements cost several times as much as the
database. These use its connection, so transactions, errors and events work as usual.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import Connection

MOVING: Final = (
    "next_seq",
    "reached_seq",
    "batches",
    "last_link",
    "stored_bytes",
    "conflicting_batches",
    "events",
    "characters",
    "plain_bytes",
    "cut_seq",
)
"""The columns of an epoch that change as its log grows."""
STORED: Final = ("epoch_id", "first_seq", "count", "stamp", "body")
"""The columns of a batch."""

_HEADS: Final = """
SELECT sessions.state, sessions.nonce, epochs.id, epochs.session_id, epochs.number, epochs.opened_at, {moving}
FROM writing_sessions AS sessions JOIN epochs ON epochs.session_id = sessions.id
WHERE epochs.session_id IN ({sessions}) AND epochs.number IN ({numbers})
ORDER BY epochs.session_id, epochs.number
""".replace("{moving}", ", ".join(f"epochs.{name}" for name in MOVING))
# Sessions first and in one order, so that two servers never deadlock, and a submission waits for the batches before it.
# SQLite has one writer and needs no locks.
_LOCKED: Final = _HEADS + "FOR NO KEY UPDATE OF sessions, epochs"
_LOGGED: Final = """
SELECT session_id, sum(events), sum(characters), sum(plain_bytes), sum(batches)
FROM epochs WHERE session_id IN ({sessions}) GROUP BY session_id
"""
_INSERT: Final = f"INSERT INTO event_batches ({', '.join(STORED)}) VALUES ({{values}})"
_MOVE_ON: Final = "UPDATE epochs SET {values} WHERE id = {mark}"


def locked_heads(db: Connection, sessions: Iterable[int], numbers: Iterable[int]) -> Sequence[tuple[Any, ...]]:
    """Return state and nonce of the session, id, session id, number, time of opening and MOVING of the epochs with
    these sessions and numbers.

    The time is in milliseconds since 1970. Locked until the commit. May include other combinations of these sessions
    and numbers.
    """
    wanted = sorted(sessions), sorted(numbers)
    mark = _mark(db)
    marks = [", ".join([mark] * len(values)) for values in wanted]
    # With row values, (session_id, number) IN (…), SQLite would read every epoch.
    template = _HEADS if db.dialect.name == "sqlite" else _LOCKED
    found = db.exec_driver_sql(template.format(sessions=marks[0], numbers=marks[1]), (*wanted[0], *wanted[1]))
    return [tuple(row) for row in found]


def logged_of_sessions(db: Connection, sessions: Iterable[int]) -> dict[int, tuple[int, ...]]:
    """Return events, characters, plain bytes and batches of all page loads of these sessions."""
    wanted = sorted(sessions)
    marks = ", ".join([_mark(db)] * len(wanted))
    rows = db.exec_driver_sql(_LOGGED.format(sessions=marks), tuple(wanted)) if wanted else ()
    return {row[0]: tuple(map(int, row[1:])) for row in rows}


def insert_batches(db: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows with the columns of STORED."""
    if rows:
        db.exec_driver_sql(_INSERT.format(values=", ".join([_mark(db)] * len(STORED))), list(rows))


def move_heads_on(db: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
    """Update MOVING; each row is followed by the epoch's id."""
    if rows:
        mark = _mark(db)
        values = ", ".join(f"{name} = {mark}" for name in MOVING)
        db.exec_driver_sql(_MOVE_ON.format(values=values, mark=mark), list(rows))


def _mark(db: Connection) -> str:
    return "?" if db.dialect.paramstyle == "qmark" else "%s"
