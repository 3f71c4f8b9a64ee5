"""Turn a table and its column mapping into items: all rows or none."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from keytrail.errors import ImportFailed
from keytrail.studies.item_files.columns import ColumnMapping
from keytrail.studies.item_files.table import SheetTable

_MAX_TEXT = 100_000
_MAX_KEY = 128
_MAX_TITLE = 300
_MAX_FIELDS = 20_000
_FORMULA_ERRORS = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#SPILL!", "#VALUE!"})
_FILL_IN = "Fill it in or remove the row."
_FILL_IN_CALCULATED = f"{_FILL_IN} If a formula makes it, open the workbook in Excel and save it there once."


@dataclass(frozen=True)
class ItemRow:
    """One source text from a file; `fields` are the columns that are neither id, title nor text."""

    key: str
    text: str
    title: str = ""
    fields: dict[str, str] = field(default_factory=dict)


def rows_of(table: SheetTable, mapping: ColumnMapping, taken: Collection[str] = ()) -> list[ItemRow]:
    """Return every row as an item. Rows without an id get `item-N`, beyond the ids in `taken`.

    Raises ImportFailed that lists every bad row with its line number, or in a workbook its row number.
    """
    reading = _Reading(table, mapping, taken)
    rows = [row for line, cells in table.rows if (row := reading.row(line, cells))]
    if reading.problems:
        count = len(reading.problems)
        noun = "row needs" if count == 1 else "rows need"
        raise ImportFailed(f"Nothing was imported from {table.name}: {count:,} {noun} attention.", reading.problems)
    return rows


class _Reading:
    """Check rows one after the other, collecting ids and problems."""

    def __init__(self, table: SheetTable, mapping: ColumnMapping, taken: Collection[str]) -> None:
        self._at = {column: at for at, column in enumerate(table.columns)}
        self._mapping = mapping
        self._further = mapping.further(table.columns)
        self._lines: dict[str, int] = {}
        self._taken = set(taken) | {self._cell(cells, mapping.id).strip() for _, cells in table.rows}
        self._made = 0
        self._place = "row" if table.sheets else "line"
        self._how_to_fill = _FILL_IN_CALCULATED if table.sheets else _FILL_IN
        self.problems: list[str] = []

    def row(self, line: int, cells: tuple[str, ...]) -> ItemRow | None:
        """Return the item of a row, or None after recording a problem."""
        key = self._cell(cells, self._mapping.id).strip() or self._make_key()
        text = _lf(self._cell(cells, self._mapping.text))
        title = " ".join(self._cell(cells, self._mapping.title).split())[:_MAX_TITLE]
        fields = {name: value for name in self._further if (value := _lf(self._cell(cells, name)))}
        problem = self._problem(key, text, title, fields)
        if problem:
            self.problems.append(f"{self._place} {line}: {problem}")
            return None
        self._lines[key] = line
        return ItemRow(key, text, title, fields)

    def _cell(self, cells: tuple[str, ...], column: str | None) -> str:
        return cells[self._at[column]] if column else ""

    def _make_key(self) -> str:
        while True:
            self._made += 1
            if (key := f"item-{self._made}") not in self._taken:
                return key

    def _problem(self, key: str, text: str, title: str, fields: dict[str, Any]) -> str | None:
        checks = (
            (not text, f"the text (column “{self._mapping.text}”) is empty. {self._how_to_fill}"),
            (
                not {key, text}.isdisjoint(_FORMULA_ERRORS),
                "a formula shows an error instead of the id or text. Correct it, or write the text itself.",
            ),
            (len(key) > _MAX_KEY, f"the id is longer than {_MAX_KEY} characters. Shorten it."),
            (
                key in self._lines,
                f"id {key!r} stands on {self._place} {self._lines.get(key)} already. Give every row its own id.",
            ),
            (not (key + title).isprintable(), "the id or title has characters that cannot be shown. Remove them."),
            (len(text) > _MAX_TEXT, f"the text is longer than {_MAX_TEXT:,} characters. Shorten it."),
            (
                sum(map(len, fields.values())) > _MAX_FIELDS,
                f"the further columns hold more than {_MAX_FIELDS:,} characters. Remove those you do not need.",
            ),
        )
        return next((problem for wrong, problem in checks if wrong), None)


def _lf(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()
