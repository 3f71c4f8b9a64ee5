"""Reading the log back."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from keytrail.models import Epoch, EventBatch
from keytrail.sessions.codec import decode


@dataclass(frozen=True)
class ChainHead:
    """How far an epoch's chain goes: how many batches it has and the last one's link, in hexadecimal."""

    epoch: int
    batches: int
    last: str

    def as_json(self) -> dict[str, Any]:
        """As a report names it."""
        return asdict(self)


def batches_of(db: Session, session_id: int) -> Iterator[tuple[Epoch, list[EventBatch]]]:
    """The epochs of a session in order, each with its batches in order of their sequence numbers."""
    for epoch in db.scalars(select(Epoch).where(Epoch.session_id == session_id).order_by(Epoch.number)):
        batches = db.scalars(select(EventBatch).where(EventBatch.epoch_id == epoch.id).order_by(EventBatch.first_seq))
        yield epoch, list(batches)


def events_of(batch: EventBatch) -> list[Any]:
    """The wire-format events of a stored batch."""
    return decode(batch.body)


def chain_heads(db: Session, session_id: int) -> list[ChainHead]:
    """Where the chain of each epoch of a session stands, in order of the epochs."""
    rows = db.execute(
        select(Epoch.number, Epoch.batches, Epoch.last_link)
        .where(Epoch.session_id == session_id)
        .order_by(Epoch.number)
    )
    return [ChainHead(number, batches, link.hex()) for number, batches, link in rows]
