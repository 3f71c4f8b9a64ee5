"""Page through sorted queries: in the order of their numbers from the last row on, in any other order by an offset."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import SQLCoreOperations


@dataclass(frozen=True)
class SortedPage:
    """Which page of a list: its order as in addresses (a minus sign stands for descending), and its page mark.

    `place` is what the page before named as `following`; None on the first page.
    """

    order: str
    limit: int
    place: int | None = None


def sorted_rows(
    db: Session,
    query: Select[*tuple[Any, ...]],
    keys: Mapping[str, SQLCoreOperations[Any]],
    number: SQLCoreOperations[int],
    page: SortedPage,
) -> tuple[Sequence[Any], int | None]:
    """Return a page of rows and the `place` of the next one (None at the end), with one statement.

    `keys` are the expressions behind the orders; rows that are equal in one follow each other newest first. A list in
    the order of its rows' numbers has no row twice, and leaves none out, if rows are added while somebody reads it.
    """
    key, descending, place = keys[page.order.removeprefix("-")], page.order.startswith("-"), page.place
    directed = key.desc() if descending else key.asc()
    query = query.add_columns(number).limit(page.limit + 1)
    if key is number:
        if place is not None:
            query = query.where(number < place if descending else number > place)
        query = query.order_by(directed)
    else:
        query = query.order_by(directed, number.desc()).offset(place or 0)
    rows = db.execute(query).all()
    if len(rows) <= page.limit:
        return rows, None
    rows = rows[: page.limit]
    return rows, rows[-1][-1] if key is number else (place or 0) + page.limit
