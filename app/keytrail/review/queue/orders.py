"""Orders of lists of submissions other than the lists' own, which follow an index."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from keytrail.models import ITEM_NAME, Item, Submission, Worker
from keytrail.review.queue.filters import Filters, filtered
from keytrail.review.queue.listing import ListedSubmission, lines_of, list_lines


class ListColumn(StrEnum):
    """A column by which a list can be sorted.

    Findings are a filter rather than an order. Decisions are not among them because their order would reveal those
    that are still hidden.
    """

    VERDICT = "verdict"
    ITEM = "item"
    ARRIVED = "arrived"
    WORKER = "worker"
    WORDS = "words"
    SUBMITTED = "submitted"


@dataclass(frozen=True)
class ListOrder:
    """A column and a direction; in addresses the column's name, with a minus sign if descending."""

    column: ListColumn
    descending: bool

    @classmethod
    def read(cls, text: str, default: "ListOrder") -> "ListOrder":
        """Parse an address's order; anything unknown is the default."""
        name = text.removeprefix("-")
        return cls(ListColumn(name), text.startswith("-")) if name in set(ListColumn) else default

    def __str__(self) -> str:
        return f"{'-' if self.descending else ''}{self.column}"


NEWEST_FIRST = ListOrder(ListColumn.SUBMITTED, descending=True)
OLDEST_FIRST = ListOrder(ListColumn.SUBMITTED, descending=False)
STRONGEST_FIRST = ListOrder(ListColumn.VERDICT, descending=True)

_KEYS: Mapping[ListColumn, ColumnElement[Any]] = {
    ListColumn.VERDICT: Submission.__table__.c.attention,
    ListColumn.ITEM: ITEM_NAME,
    ListColumn.ARRIVED: Submission.__table__.c.arrived_share,
    ListColumn.WORKER: Worker.__table__.c.pseudonym,
    ListColumn.WORDS: Submission.__table__.c.words,
    ListColumn.SUBMITTED: Submission.__table__.c.id,
}


def study_lines(
    db: Session, study_id: int, filters: Filters, order: ListOrder, limit: int, place: int | None
) -> tuple[list[ListedSubmission], int | None]:
    """Return a page of a study's submissions, and the `place` of the next one (None at the end). Two statements.

    A place is the last submission's number if the list is sorted by time, else an offset.
    """
    if order == NEWEST_FIRST:
        return list_lines(db, study_id, replace(filters, before=place), limit)
    if order == OLDEST_FIRST:
        return list_lines(db, study_id, replace(filters, after=place), limit, oldest_first=True)
    return sorted_lines(db, filtered(select(Submission.id), study_id, filters), filters, order, limit, place or 0)


def sorted_lines(
    db: Session, query: Select[int], filters: Filters, order: ListOrder, limit: int, offset: int
) -> tuple[list[ListedSubmission], int | None]:
    """Return a page of a query over submissions with these filters, and the offset of the next page (None at the end).
    Two statements.

    Ids are sorted before the lines are read, so that no text is read for the rows of other pages.
    """
    key = _KEYS[order.column].label("key")
    ids = _joined(query, filters, order.column).with_only_columns(Submission.id, key, maintain_column_froms=True)
    page = ids.order_by(*_directed(key, Submission.id, order)).limit(limit + 1).offset(offset).subquery()
    lines, more = lines_of(
        db,
        select(Submission.id).join(page, page.c.id == Submission.id).order_by(*_directed(page.c.key, page.c.id, order)),
        limit,
    )
    return lines, offset + limit if more else None


def _joined(query: Select[int], filters: Filters, column: ListColumn) -> Select[int]:
    if column == ListColumn.ITEM and _finds_few(filters):
        return query.join(Item, Item.id == Submission.item_id)
    if column == ListColumn.ITEM:
        # With the sum SQLite takes items in the order of their names until a page is full, instead of sorting all rows.
        return query.join(Item, (Item.study_id == Submission.study_id) & (Submission.item_id == Item.id + 0))
    if column == ListColumn.WORKER:
        return query.join(Worker, Worker.id == Submission.worker_id)
    return query


def _finds_few(filters: Filters) -> bool:
    """Return whether an index answers a filter, so that few rows are left to sort."""
    return any((filters.verdict, filters.item, filters.worker, filters.since, filters.until))


def _directed(key: Any, number: Any, order: ListOrder) -> tuple[Any, Any]:
    directed = key.desc() if order.descending else key.asc()
    if order.column == ListColumn.ARRIVED:  # unknown is less than nothing
        directed = directed.nulls_last() if order.descending else directed.nulls_first()
    return directed, number.desc()
