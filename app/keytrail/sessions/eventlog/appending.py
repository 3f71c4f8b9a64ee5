"""Append many batches to their logs in one transaction."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from keytrail.db import to_millis
from keytrail.errors import Conflict, DomainError, Forbidden
from keytrail.models import Epoch, SessionState
from keytrail.sessions.eventlog.batch import Batch
from keytrail.sessions.eventlog.chain import Chain
from keytrail.sessions.eventlog.heads import Head
from keytrail.sessions.eventlog.limits import UNLIMITED, Logged, LogLimits
from keytrail.sessions.eventlog.statements import (
    MOVING,
    insert_batches,
    locked_heads,
    logged_of_sessions,
    move_heads_on,
)

_LIMITS: Final = LogLimits()


class _Found(NamedTuple):
    """An epoch's head, with the state and the nonce of its session."""

    state: str
    nonce: str
    head: Head


class Append(NamedTuple):
    """One batch for one epoch, with the time of its arrival.

    `nonce` is the session's, from the page's ticket; None only where no ticket is required (tests, benchmarks).
    """

    session_id: int
    epoch_number: int
    batch: Batch
    received_at: datetime
    nonce: str | None = None

    @property
    def epoch(self) -> tuple[int, int]:
        """The session's id and the epoch's number."""
        return self.session_id, self.epoch_number


def append_all(
    db: Connection, appends: Sequence[Append], chain: Chain, limits: LogLimits = _LIMITS
) -> list[int | DomainError]:
    """Store batches of different epochs; storing one again changes nothing.

    Returns for each the highest sequence number up to which its epoch is complete (-1 if none), or why it was refused:
    Conflict after the session has ended, Forbidden if there is no such epoch. A refused batch does not affect the
    others. A batch beyond the limits is not refused: it is acknowledged, and the epoch records where its log was cut.
    """
    heads = _heads(db, appends)
    touched: list[Head] = []
    rows: list[tuple[Any, ...]] = []
    results: list[int | DomainError] = []
    for append in appends:
        try:
            head = _open(heads.get(append.epoch), append.nonce)
            row = head.take(db, append.batch, append.received_at, chain, limits)
        except DomainError as refusal:
            results.append(refusal)
            continue
        touched.append(head)
        results.append(head.committed(append.batch))
        if row is not None:
            rows.append(row)
    insert_batches(db, rows)
    move_heads_on(db, [head.moved() for head in touched])
    return results


def append_batch(db: Session, append: Append, chain: Chain, limits: LogLimits = _LIMITS) -> int:
    """Store one batch within a unit of work; raises the errors that `append_all` returns."""
    [result] = append_all(db.connection(), [append], chain, limits)
    if isinstance(result, DomainError):
        raise result
    return result


def append_to_epoch(db: Session, epoch: Epoch, batches: Iterable[Batch], received_at: datetime, chain: Chain) -> None:
    """Store batches of an epoch that nobody else writes to: an imported one."""
    moving = (getattr(epoch, name) for name in MOVING)
    head = Head(epoch.id, epoch.session_id, epoch.number, to_millis(epoch.opened_at), *moving)
    connection = db.connection()
    taken = (head.take(connection, batch, received_at, chain, UNLIMITED) for batch in batches)
    insert_batches(connection, [row for row in taken if row is not None])
    for name in MOVING:
        setattr(epoch, name, getattr(head, name))


def _heads(db: Connection, appends: Sequence[Append]) -> dict[tuple[int, int], _Found]:
    rows = locked_heads(db, {append.session_id for append in appends}, {append.epoch_number for append in appends})
    found = {(row[3], row[4]): _Found(row[0], row[1], Head(*row[2:])) for row in rows}
    # Most sessions have one page load; the first of several is checked against its own limits only, which bounds the
    # sum.
    later = {session_id for session_id, number in found if number}
    for session_id, sums in logged_of_sessions(db, later).items():
        for _, _, head in (one for (session, number), one in found.items() if session == session_id and number):
            head.elsewhere = Logged(*sums).without(head)
    return found


def _open(found: _Found | None, nonce: str | None) -> Head:
    if found is None or nonce not in {None, found.nonce}:
        raise Forbidden("This page load is not known here. Reload the task.", code="ticket_foreign")
    state, _, head = found
    if state != SessionState.OPEN:
        raise Conflict("The text is submitted; nothing more is recorded.", code="too_late")
    return head
