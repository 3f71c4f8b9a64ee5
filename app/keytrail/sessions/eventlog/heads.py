"""The heads of epochs' logs: their counters while batches are appended."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, select

from keytrail.db import to_millis
from keytrail.models import EventBatch
from keytrail.sessions.codec import decode, encode
from keytrail.sessions.eventlog.batch import Batch
from keytrail.sessions.eventlog.chain import Chain
from keytrail.sessions.eventlog.limits import Logged, LogLimits
from keytrail.sessions.eventlog.stamp import Stamp

_BATCHES: Table = EventBatch.metadata.tables[EventBatch.__tablename__]


_NOTHING = Logged()


@dataclass(slots=True)
class Head:
    """The counters of an Epoch, updated as batches are taken; from `next_seq` on the fields are those of
    statements.MOVING. `opened_ms` is when the page load was opened, in milliseconds since 1970.
    """

    id: int
    session_id: int
    number: int
    opened_ms: int
    next_seq: int
    reached_seq: int
    batches: int
    last_link: bytes
    stored_bytes: int
    conflicting_batches: int
    events: int
    characters: int
    plain_bytes: int
    cut_seq: int | None
    elsewhere: Logged = _NOTHING
    """What the session's other page loads have stored."""

    def take(
        self, db: Connection, batch: Batch, received_at: datetime, chain: Chain, limits: LogLimits
    ) -> tuple[Any, ...] | None:
        """Count a batch. Returns its row (statements.STORED), or None if it is already stored or beyond the limits.

        Batches beyond the limits are not stored, and neither is anything after them: a log ends where it was cut.
        """
        if batch.first_seq < self.reached_seq and self._is_stored(db, batch):
            return None
        if self._is_cut(batch, limits):
            return None
        place, received_ms = self.batches, to_millis(received_at)
        self.last_link = chain.link(self.last_link, (self.session_id, self.number, place), batch, received_ms)
        stamp = Stamp(place, received_ms - self.opened_ms, batch.perf_ms, batch.wall_ms, self.last_link)
        self.batches += 1
        self.stored_bytes += len(batch.body)
        self.events += batch.count
        self.characters += batch.characters
        self.plain_bytes += batch.plain_bytes
        if batch.first_seq <= self.next_seq:
            self.next_seq = self._contiguous(db, max(self.next_seq, batch.end_seq))
        self.reached_seq = max(self.reached_seq, batch.end_seq)
        return (self.id, batch.first_seq, batch.count, stamp.packed(self.opened_ms), batch.body)

    def committed(self, batch: Batch) -> int:
        """The number up to which the page need not send again. Where the log is cut, this covers everything
        received.
        """
        if self.cut_seq is not None and self.next_seq >= self.cut_seq:
            return max(self.next_seq, batch.end_seq) - 1
        return self.next_seq - 1

    def moved(self) -> tuple[Any, ...]:
        """Return MOVING and the id, as the log's statement takes them."""
        return (
            self.next_seq,
            self.reached_seq,
            self.batches,
            self.last_link,
            self.stored_bytes,
            self.conflicting_batches,
            self.events,
            self.characters,
            self.plain_bytes,
            self.cut_seq,
            self.id,
        )

    def _is_cut(self, batch: Batch, limits: LogLimits) -> bool:
        if self.cut_seq is not None and batch.first_seq >= self.cut_seq:
            return True
        if limits.allows(batch, self, self.elsewhere):
            return False
        self.cut_seq = batch.first_seq
        return True

    def _is_stored(self, db: Connection, batch: Batch) -> bool:
        """Return whether its first event's number is taken. The batch that was stored first stays."""
        body = db.scalar(
            select(_BATCHES.c.body).where(_BATCHES.c.epoch_id == self.id, _BATCHES.c.first_seq == batch.first_seq)
        )
        if body is None:
            return False
        # Another version of zlib may have compressed the same events to other bytes.
        self.conflicting_batches += batch.body not in (body, encode(decode(body)))
        return True

    def _contiguous(self, db: Connection, reached: int) -> int:
        """Continue over batches that had arrived early."""
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
