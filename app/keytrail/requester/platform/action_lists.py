"""The two lists of the Payments page: each has its own pages and order, and its links keep the other list as it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from keytrail.models import Study
from keytrail.platform_actions.action_list import ActionLine
from keytrail.platform_actions.action_pages import (
    ENDED_ORDERS,
    WAITING_ORDERS,
    ActionPage,
    ended_page,
    waiting_page,
)
from keytrail.requester.addresses import number, with_query
from keytrail.requester.sorting import SortLink, chosen_order, sort_links, unless_first

WAITING_PER_PAGE = 100
_ENDED_PER_PAGE = 50


@dataclass(frozen=True)
class ActionList:
    """One page of a list. `columns` are the headers that sort it, if there are several pages."""

    lines: Sequence[ActionLine]
    number: int
    pages: int
    columns: Mapping[str, SortLink]
    previous_url: str | None
    next_url: str | None


@dataclass(frozen=True)
class _Marks:
    """The parameters of one list in the page's address; `anchor` is its heading."""

    page: str
    order: str
    orders: Sequence[str]
    anchor: str


_WAITING = _Marks("page", "order", WAITING_ORDERS, "waiting-title")
_ENDED = _Marks("past", "past_order", ENDED_ORDERS, "ended-title")


def action_lists(
    db: Session, study: Study, query: Mapping[str, str], waiting_in_all: int
) -> tuple[ActionList, ActionList]:
    """Return what waits and what was sent or cancelled, on the pages that the query names. Three statements."""
    return (
        _list(
            study, waiting_page(db, study, *_place(query, _WAITING), WAITING_PER_PAGE, waiting_in_all), query, _WAITING
        ),
        _list(study, ended_page(db, study, *_place(query, _ENDED), _ENDED_PER_PAGE), query, _ENDED),
    )


def _place(query: Mapping[str, str], marks: _Marks) -> tuple[str, int]:
    return chosen_order(query.get(marks.order, ""), marks.orders), number(query.get(marks.page, "")) or 1


def _list(study: Study, page: ActionPage, query: Mapping[str, str], marks: _Marks) -> ActionList:
    chosen, _ = _place(query, marks)

    def address(order: str, number: int = 1) -> str:
        other = _ENDED if marks is _WAITING else _WAITING
        others_order, others_page = _place(query, other)
        named = {
            marks.order: unless_first(order, marks.orders),
            marks.page: number if number > 1 else None,
            other.order: unless_first(others_order, other.orders),
            other.page: others_page if others_page > 1 else None,
        }
        return f"{with_query(f'/studies/{study.slug}/payments', named)}#{marks.anchor}"

    return ActionList(
        lines=page.lines,
        number=page.number,
        pages=page.pages,
        columns=sort_links(marks.orders, chosen, address) if page.pages > 1 else {},
        previous_url=address(chosen, page.number - 1) if page.number > 1 else None,
        next_url=address(chosen, page.number + 1) if page.number < page.pages else None,
    )
