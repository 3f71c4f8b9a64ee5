"""Read stored logs."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from keytrail.db import to_millis
from keytrail.models import Epoch, EventBatch
from keytrail.sessions.codec import decode
from keytrail.sessions.eventlog.stamp import Stamp


@dataclass(frozen=True)
class ChainHead:
    """The end of an epoch's chain: the number of its batches and the last link, in hexadecimal."""

    epoch: int
    batches: int
    last: str

    def as_json(self) -> dict[str, Any]:
        """Return the fields as a report stores them."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class StoredBatch:
    """A batch as it is stored, with its stamp read."""

    row: EventBatch
    stamp: Stamp

    @property
    def first_seq(self) -> int:
        """The number of the first event."""
        return self.row.first_seq

    @property
    def count(self) -> int:
        """The number of events."""
        return self.row.count

    @property
    def body(self) -> bytes:
        """The events in their stored form."""
        return self.row.body


def batches_of(db: Session, session_id: int) -> Iterator[tuple[Epoch, list[StoredBatch]]]:
    """Return the epochs of a session in order, each with its batches by sequence number."""
    for epoch in db.scalars(select(Epoch).where(Epoch.session_id == session_id).order_by(Epoch.number)):
        rows = db.scalars(select(EventBatch).where(EventBatch.epoch_id == epoch.id).order_by(EventBatch.first_seq))
        opened_ms = to_millis(epoch.opened_at)
        yield epoch, [StoredBatch(row, Stamp.read(row.stamp, opened_ms)) for row in rows]


def events_of(batch: StoredBatch) -> list[Any]:
    """Return the wire-format events of a stored batch."""
    return decode(batch.body)


def chain_heads(db: Session, session_id: int) -> list[ChainHead]:
    """Return the end of each epoch's chain, in order of the epochs."""
    rows = db.execute(
        select(Epoch.number, Epoch.batches, Epoch.last_link)
        .where(Epoch.session_id == session_id)
        .order_by(Epoch.number)
    )
    return [ChainHead(number, batches, link.hex()) for number, batches, link in rows]
