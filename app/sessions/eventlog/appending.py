"""Storing many batches in one transaction."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, RowMapping, Table, bindparam, insert, select, tuple_, update
from sqlalchemy.orm import Session

from app.errors import Conflict, DomainError, Forbidden
from app.models import Epoch, EventBatch, SessionState, WritingSession
from app.sessions.eventlog.batch import Batch
from app.sessions.eventlog.chain import Chain
from app.sessions.eventlog.heads import Head

_SESSIONS: Final[Table] = WritingSession.metadata.tables[WritingSession.__tablename__]
_EPOCHS: Final[Table] = Epoch.metadata.tables[Epoch.__tablename__]
_BATCHES: Final[Table] = EventBatch.metadata.tables[EventBatch.__tablename__]
_MOVING: Final = ("next_seq", "reached_seq", "batches", "last_link", "stored_bytes", "conflicting_batches")

# Locked until the commit, sessions first and in one order: two servers never wait for each other in a circle, and a
# submission waits for the batches before it. SQLite has no such locks and needs none: it has one writer.
_HEADS: Final = (
    select(
        _SESSIONS.c.state, _EPOCHS.c.id, _EPOCHS.c.session_id, _EPOCHS.c.number, *(_EPOCHS.c[name] for name in _MOVING)
    )
    .join_from(_SESSIONS, _EPOCHS)
    .where(tuple_(_EPOCHS.c.session_id, _EPOCHS.c.number).in_(bindparam("wanted", expanding=True)))
    .order_by(_EPOCHS.c.session_id, _EPOCHS.c.number)
    .with_for_update(of=[_SESSIONS, _EPOCHS], key_share=True)
)
_INSERT: Final = insert(_BATCHES)
_MOVE_ON: Final = (
    update(_EPOCHS).where(_EPOCHS.c.id == bindparam("epoch")).values({name: bindparam(name) for name in _MOVING})
)


class Append(NamedTuple):
    """One batch for one epoch, with the moment when it reached the server."""

    session_id: int
    epoch_number: int
    batch: Batch
    received_at: datetime

    @property
    def epoch(self) -> tuple[int, int]:
        """The session's id and the epoch's number."""
        return self.session_id, self.epoch_number


def append_all(db: Connection, appends: Sequence[Append], chain: Chain) -> list[int | DomainError]:
    """Store batches of different epochs; storing one again changes nothing.

    Gives for each the highest sequence number up to which its epoch is complete (-1 if none), or why it was refused:
    Conflict after the session has ended, Forbidden if there is no such epoch, TooLarge if the epoch is full. What is
    refused does not touch the others.
    """
    found = {(row["session_id"], row["number"]): row for row in _locked(db, appends)}
    heads: list[Head] = []
    rows: list[dict[str, Any]] = []
    results: list[int | DomainError] = []
    for append in appends:
        try:
            head = _open(found.get(append.epoch))
            row = head.take(db, append.batch, append.received_at, chain)
        except DomainError as refusal:
            results.append(refusal)
            continue
        heads.append(head)
        results.append(head.next_seq - 1)
        if row is not None:
            rows.append(row)
    if rows:
        db.execute(_INSERT, rows)
    if heads:
        db.execute(_MOVE_ON, [_moved(head) for head in heads])
    return results


def append_batch(db: Session, append: Append, chain: Chain) -> int:
    """Store one batch within a unit of work; raises what `append_all` gives."""
    [result] = append_all(db.connection(), [append], chain)
    if isinstance(result, DomainError):
        raise result
    return result


def append_to_epoch(db: Session, epoch: Epoch, batches: Iterable[Batch], received_at: datetime, chain: Chain) -> None:
    """Store batches of an epoch that nobody else writes to: one that was recorded elsewhere and is imported."""
    fields = {name: getattr(epoch, name) for name in ("id", "session_id", "number", *_MOVING)}
    head = Head(**fields)
    taken = (head.take(db.connection(), batch, received_at, chain) for batch in batches)
    rows = [row for row in taken if row is not None]
    if rows:
        db.connection().execute(_INSERT, rows)
    for name in _MOVING:
        setattr(epoch, name, getattr(head, name))


def _locked(db: Connection, appends: Sequence[Append]) -> Sequence[RowMapping]:
    return db.execute(_HEADS, {"wanted": [append.epoch for append in appends]}).mappings().all()


def _open(row: RowMapping | None) -> Head:
    if row is None:
        raise Forbidden("This page load is not known here. Reload the task.", code="ticket_foreign")
    fields = dict(row)
    if fields.pop("state") != SessionState.OPEN:
        raise Conflict("The submission is in; nothing more is recorded.", code="too_late")
    return Head(**fields)


def _moved(head: Head) -> dict[str, Any]:
    return {"epoch": head.id} | {name: getattr(head, name) for name in _MOVING}
