"""Count each item's places and submissions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, ScalarSelect, Select, func, select
from sqlalchemy.orm import Session

from keytrail.models import Item, SessionState, Study, WritingSession
from keytrail.sessions.item_allocation import takes_a_place

_Query = TypeVar("_Query", bound=Select[*tuple[Any, ...]])


@dataclass(frozen=True)
class ItemCount:
    """One item with its places taken and its submissions."""

    id: int
    key: str
    title: str
    units: int
    taken: int
    submitted: int


def item_counts(
    db: Session, study: Study, now: datetime, words: str = "", after: int = 0, limit: int | None = None
) -> tuple[Sequence[ItemCount], int | None]:
    """Return items of a study in order, with one statement, and the `after` of the next page (None at the end).

    `words` are searched in id and title.
    """
    taken, submitted = _sessions(takes_a_place(now)), _sessions(WritingSession.state == SessionState.SUBMITTED)
    query = select(Item.id, Item.key, Item.title, func.length(Item.text), taken, submitted)
    query = matching_items(query, study.id, words).where(Item.id > after).order_by(Item.id)
    rows = db.execute(query if limit is None else query.limit(limit + 1)).all()
    shown = rows if limit is None else rows[:limit]
    return [ItemCount(*row) for row in shown], shown[-1].id if len(rows) > len(shown) else None


def suggested_items(db: Session, study_id: int, words: str, limit: int) -> Sequence[tuple[str, str]]:
    """Return key and title of the first few items that match."""
    query = matching_items(select(Item.key, Item.title), study_id, words).order_by(Item.id).limit(limit)
    return [(key, title) for key, title in db.execute(query)]


def matching_items(query: _Query, study_id: int, words: str) -> _Query:
    """Narrow a query over items to those of a study whose id or title holds the words."""
    query = query.where(Item.study_id == study_id)
    if not words:
        return query
    holds = Item.key.icontains(words, autoescape=True) | Item.title.icontains(words, autoescape=True)
    return query.where(holds)


def _sessions(which: ColumnElement[bool]) -> ScalarSelect[int]:
    """Return a subquery per item, which uses the index; a join with grouping would not."""
    return (
        select(func.count())
        .select_from(WritingSession)
        .where(WritingSession.item_id == Item.id, which)
        .correlate(Item)
        .scalar_subquery()
    )
