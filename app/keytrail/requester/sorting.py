"""Headers that sort a paged list: links to its orders. Lists that fit on one page are sorted by `sorting.js`."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class SortLink:
    """Where a column's header leads, and how the list is sorted by it now: "ascending", "descending" or not (empty)."""

    url: str
    direction: str


def sort_links(columns: Iterable[str], current: str, address: Callable[[str], str]) -> Mapping[str, SortLink]:
    """Return a link for each column, by its name.

    `columns` are orders as they stand in addresses, in the direction that comes first: with a minus sign if descending.
    The header of the present order leads to the opposite one.
    """
    name = current.removeprefix("-")
    links = {}
    for order in columns:
        column = order.removeprefix("-")
        turned = column if current.startswith("-") else f"-{column}"
        direction = ("descending" if current.startswith("-") else "ascending") if column == name else ""
        links[column] = SortLink(address(turned if direction else order), direction)
    return links


def unless_first(order: str, columns: Sequence[str]) -> str:
    """Return an order for an address; empty for the first of the columns, which addresses leave out."""
    return "" if order == columns[0] else order


def chosen_order(asked: str, columns: Iterable[str]) -> str:
    """Return the order of an address; the first of the columns if it names none of them."""
    known = list(columns)
    names = {order.removeprefix("-") for order in known}
    return asked if asked.removeprefix("-") in names else known[0]
