"""Count each item's places and submissions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeVar

from sqlalchemy import ColumnElement, ScalarSelect, Select, func, select
from sqlalchemy.orm import Session

from keytrail.models import ITEM_NAME, Item, SessionState, Study, WritingSession
from keytrail.sessions.item_allocation import takes_a_place

ITEM_ORDERS: Final = ("added", "item", "id", "-units", "-taken", "-submitted")
"""As in addresses, in the direction that comes first; a minus sign stands for descending. The first is the default."""

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
    db: Session, study: Study, now: datetime, words: str, order: str, page: tuple[int, int]
) -> tuple[Sequence[ItemCount], int | None]:
    """Return a page of items, with one statement, and the offset of the next page (None at the end).

    `words` are searched in id and title; `order` is one of `ITEM_ORDERS` or its opposite; `page` is offset and length.
    """
    taken, submitted = _sessions(takes_a_place(now)), _sessions(WritingSession.state == SessionState.SUBMITTED)
    query = select(Item.id, Item.key, Item.title, func.length(Item.text), taken, submitted)
    keys: Mapping[str, Any] = {
        "added": Item.id,
        "item": ITEM_NAME,
        "id": func.lower(Item.key),
        "units": func.length(Item.text),
        "taken": taken,
        "submitted": submitted,
    }
    key = keys[order.removeprefix("-")]
    query = matching_items(query, study.id, words).order_by(key.desc() if order.startswith("-") else key, Item.id)
    offset, length = page
    rows = db.execute(query.limit(length + 1).offset(offset)).all()
    return [ItemCount(*row) for row in rows[:length]], offset + length if len(rows) > length else None


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
