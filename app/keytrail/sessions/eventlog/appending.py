"""Storing many batches in one transaction."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from keytrail.errors import Conflict, DomainError, Forbidden
from keytrail.models import Epoch, SessionState
from keytrail.sessions.eventlog.batch import Batch
from keytrail.sessions.eventlog.chain import Chain
from keytrail.sessions.eventlog.heads import Head
from keytrail.sessions.eventlog.statements import MOVING, insert_batches, locked_heads, move_heads_on


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
    heads = _heads(db, appends)
    touched: list[Head] = []
    rows: list[tuple[Any, ...]] = []
    results: list[int | DomainError] = []
    for append in appends:
        try:
            head = _open(heads.get(append.epoch))
            row = head.take(db, append.batch, append.received_at, chain)
        except DomainError as refusal:
            results.append(refusal)
            continue
        touched.append(head)
        results.append(head.next_seq - 1)
        if row is not None:
            rows.append(row)
    insert_batches(db, rows)
    move_heads_on(db, [head.moved() for head in touched])
    return results


def append_batch(db: Session, append: Append, chain: Chain) -> int:
    """Store one batch within a unit of work; raises what `append_all` gives."""
    [result] = append_all(db.connection(), [append], chain)
    if isinstance(result, DomainError):
        raise result
    return result


def append_to_epoch(db: Session, epoch: Epoch, batches: Iterable[Batch], received_at: datetime, chain: Chain) -> None:
    """Store batches of an epoch that nobody else writes to: one that was recorded elsewhere and is imported."""
    head = Head(epoch.id, epoch.session_id, epoch.number, *(getattr(epoch, name) for name in MOVING))
    connection = db.connection()
    taken = (head.take(connection, batch, received_at, chain) for batch in batches)
    insert_batches(connection, [row for row in taken if row is not None])
    for name in MOVING:
        setattr(epoch, name, getattr(head, name))


def _heads(db: Connection, appends: Sequence[Append]) -> dict[tuple[int, int], tuple[str, Head]]:
    rows = locked_heads(db, {append.session_id for append in appends}, {append.epoch_number for append in appends})
    return {(row[2], row[3]): (row[0], Head(*row[1:])) for row in rows}


def _open(found: tuple[str, Head] | None) -> Head:
    if found is None:
        raise Forbidden("This page load is not known here. Reload the task.", code="ticket_foreign")
    state, head = found
    if state != SessionState.OPEN:
        raise Conflict("The submission is in; nothing more is recorded.", code="too_late")
    return head
