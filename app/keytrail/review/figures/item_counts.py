"""Count each item's places and submissions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, func, select
from sqlalchemy.orm import Session

from keytrail.models import Item, SessionState, Study, WritingSession
from keytrail.sessions.item_allocation import takes_a_place


@dataclass(frozen=True)
class ItemCount:
    """One item with its places taken and its submissions."""

    id: int
    key: str
    title: str
    units: int
    taken: int
    submitted: int


def item_counts(db: Session, study: Study, now: datetime) -> Sequence[ItemCount]:
    """Return all items of a study in order, with one statement."""
    taken, submitted = _sessions(takes_a_place(now)), _sessions(WritingSession.state == SessionState.SUBMITTED)
    rows = db.execute(
        select(Item.id, Item.key, Item.title, func.length(Item.text), taken, submitted)
        .where(Item.study_id == study.id)
        .order_by(Item.id)
    )
    return [ItemCount(*row) for row in rows]


def _sessions(which: ColumnElement[bool]) -> ScalarSelect[int]:
    """Return a subquery per item, which uses the index; a join with grouping would not."""
    return (
        select(func.count())
        .select_from(WritingSession)
        .where(WritingSession.item_id == Item.id, which)
        .correlate(Item)
        .scalar_subquery()
    )
