"""Where each epoch's log stands, while batches are appended to it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, select

from keytrail.db import to_millis
from keytrail.errors import TooLarge
from keytrail.models import EventBatch
from keytrail.sessions.codec import decode, encode
from keytrail.sessions.eventlog.batch import Batch
from keytrail.sessions.eventlog.chain import Chain

# About a hundred times what a long, busy session needs; a stop for abuse.
_MAX_EPOCH_BYTES = 16 * 2**20
_BATCHES: Table = EventBatch.metadata.tables[EventBatch.__tablename__]


@dataclass(slots=True)
class Head:
    """What Epoch says of an epoch, moving on as batches are taken in; from `next_seq` on it is statements.MOVING."""

    id: int
    session_id: int
    number: int
    next_seq: int
    reached_seq: int
    batches: int
    last_link: bytes
    stored_bytes: int
    conflicting_batches: int

    def take(self, db: Connection, batch: Batch, received_at: datetime, chain: Chain) -> tuple[Any, ...] | None:
        """Count a batch in. Returns its row (statements.STORED), or None if it is stored already.

        Raises TooLarge if the epoch is full.
        """
        if batch.first_seq < self.reached_seq and self._is_stored(db, batch):
            return None
        if self.stored_bytes + len(batch.body) > _MAX_EPOCH_BYTES:
            raise TooLarge("This page has sent more events than one page load can. The text can still be submitted.")
        place = self.batches
        self.last_link = chain.link(self.last_link, (self.session_id, self.number, place), batch, received_at)
        self.batches += 1
        self.stored_bytes += len(batch.body)
        if batch.first_seq <= self.next_seq:
            self.next_seq = self._contiguous(db, max(self.next_seq, batch.end_seq))
        self.reached_seq = max(self.reached_seq, batch.end_seq)
        clocks = (batch.perf_ms, batch.wall_ms, to_millis(received_at))
        return (self.id, batch.first_seq, batch.count, batch.body, *clocks, place, self.last_link)

    def moved(self) -> tuple[Any, ...]:
        """MOVING and the id, as the log's statement takes them."""
        return (
            self.next_seq,
            self.reached_seq,
            self.batches,
            self.last_link,
            self.stored_bytes,
            self.conflicting_batches,
            self.id,
        )

    def _is_stored(self, db: Connection, batch: Batch) -> bool:
        """Whether the number of its first event is taken. What was stored first stands."""
        body = db.scalar(
            select(_BATCHES.c.body).where(_BATCHES.c.epoch_id == self.id, _BATCHES.c.first_seq == batch.first_seq)
        )
        if body is None:
            return False
        # A batch that was stored in an earlier form is compared in today's.
        self.conflicting_batches += batch.body not in (body, encode(decode(body)))
        return True

    def _contiguous(self, db: Connection, reached: int) -> int:
        """Follow batches that had arrived early."""
        if self.reached_seq <= reached:
            return reached
        waiting = db.execute(
            select(_BATCHES.c.first_seq, _BATCHES.c.count)
            .where(_BATCHES.c.epoch_id == self.id, _BATCHES.c.first_seq >= self.next_seq)
            .order_by(_BATCHES.c.first_seq)
        )
        for first, count in waiting:
            if first > reached:
                break
            reached = max(reached, first + count)
        return reached
