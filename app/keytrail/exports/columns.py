"""Columns and tables of exported files; files and codebook both derive from them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar

from sqlalchemy.orm import Session

from keytrail.exports.selection import Selection

Row = TypeVar("Row")


class ColumnKind(StrEnum):
    """Type of a column's values; any value may be missing."""

    TEXT = "text"
    WHOLE = "whole number"
    NUMBER = "number"
    FLAG = "true or false"
    MOMENT = "time, UTC"
    JSON = "JSON"


@dataclass(frozen=True)
class Column(Generic[Row]):
    """One column: its name, type, meaning, and how it is read from a row."""

    name: str
    kind: ColumnKind
    meaning: str
    read: Callable[[Row], Any]


@dataclass(frozen=True)
class Table(Generic[Row]):
    """One exported file. `rows` yields in a fixed order and never holds more than a few hundred in memory."""

    name: str
    meaning: str
    columns: tuple[Column[Row], ...]
    rows: Callable[[Session, Selection], Iterable[Row]]

    def values(self, db: Session, selection: Selection) -> Iterator[tuple[Any, ...]]:
        """Yield every row as a tuple in the order of the columns."""
        for row in self.rows(db, selection):
            yield tuple(column.read(row) for column in self.columns)
