"""The append-only log of events: storing batches and reading them back."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Conflict, Forbidden, TooLarge
from app.models import Epoch, EventBatch, SessionState, WritingSession
from app.sessions.codec import decode, encode

# About a hundred times what a long, busy session needs; a stop for abuse.
_MAX_EPOCH_BYTES = 16 * 2**20


@dataclass(frozen=True)
class Batch:
    """Consecutive events of one epoch, checked against wire format 1. `first_seq` is the number of the first.

    `perf_ms` and `wall_ms` are the page's performance and wall clocks when the batch was cut.
    """

    first_seq: int
    events: Sequence[Any]
    perf_ms: float
    wall_ms: int


def append_batch(db: Session, session_id: int, epoch_number: int, batch: Batch, now: datetime) -> int:
    """Store one batch of events; storing it again changes nothing.

    Returns the highest sequence number up to which the epoch is complete (-1 if none). Raises Conflict after the
    session has ended, Forbidden if there is no such epoch, TooLarge if the epoch is full.
    """
    epoch = _open_epoch(db, session_id, epoch_number)
    stored = db.get(EventBatch, (epoch.id, batch.first_seq))
    body = encode(batch.events)
    if stored is not None:
        epoch.conflicting_batches += stored.body != body
        return epoch.next_seq - 1
    if epoch.stored_bytes + len(body) > _MAX_EPOCH_BYTES:
        raise TooLarge("This page has sent more events than one page load can. The text can still be submitted.")
    db.add(
        EventBatch(
            epoch_id=epoch.id,
            first_seq=batch.first_seq,
            count=len(batch.events),
            body=body,
            perf_ms=batch.perf_ms,
            wall_ms=batch.wall_ms,
            received_at=now,
        )
    )
    epoch.stored_bytes += len(body)
    db.flush()
    if batch.first_seq <= epoch.next_seq:
        epoch.next_seq = _contiguous(db, epoch, max(epoch.next_seq, batch.first_seq + len(batch.events)))
    return epoch.next_seq - 1


def batches_of(db: Session, session_id: int) -> Iterator[tuple[Epoch, list[EventBatch]]]:
    """The epochs of a session in order, each with its batches in order of their sequence numbers."""
    for epoch in db.scalars(select(Epoch).where(Epoch.session_id == session_id).order_by(Epoch.number)):
        batches = db.scalars(select(EventBatch).where(EventBatch.epoch_id == epoch.id).order_by(EventBatch.first_seq))
        yield epoch, list(batches)


def events_of(batch: EventBatch) -> list[Any]:
    """The wire-format events of a stored batch."""
    return decode(batch.body)


def _open_epoch(db: Session, session_id: int, number: int) -> Epoch:
    row = db.execute(
        select(Epoch, WritingSession.state)
        .join(WritingSession, WritingSession.id == Epoch.session_id)
        .where(Epoch.session_id == session_id, Epoch.number == number)
        .with_for_update(of=Epoch)
    ).one_or_none()
    if row is None:
        raise Forbidden("This page load is not known here. Reload the task.", code="ticket_foreign")
    epoch, state = row
    if state != SessionState.OPEN:
        raise Conflict("The submission is in; nothing more is recorded.", code="too_late")
    return epoch


def _contiguous(db: Session, epoch: Epoch, reached: int) -> int:
    """Follow batches that had arrived early."""
    waiting = db.execute(
        select(EventBatch.first_seq, EventBatch.count)
        .where(EventBatch.epoch_id == epoch.id, EventBatch.first_seq >= epoch.next_seq)
        .order_by(EventBatch.first_seq)
    )
    for first, count in waiting:
        if first > reached:
            break
        reached = max(reached, first + count)
    return reached
