"""The raw table: the common result of every file reader."""

from collections.abc import Sequence
from dataclasses import dataclass

from keytrail.errors import ImportFailed
from keytrail.studies.item_files.columns import guess_mapping, known_headers

FIRST_ROWS = 10
"""How far down a header is looked for: people put a title or notes above their tables."""

_MOST_CELLS = 20_000_000
"""A hundred thousand rows of two hundred columns, as many as a workbook may have."""

Row = tuple[int, tuple[str, ...]]
"""Cells with the row's first line number."""


@dataclass(frozen=True)
class RawTable:
    """Header and rows as in the file: rows may be empty, shorter or longer than the header."""

    format: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    sheets: tuple[str, ...] = ()
    sheet: str = ""


def refuse_sparse(rows: int, columns: int, name: str) -> None:
    """Raise ImportFailed for a table that would be many times as large as its file once missing cells are filled."""
    if rows * columns > _MOST_CELLS:
        from keytrail.provenance.formatting import count  # noqa: PLC0415 -- loads the analysis, for this sentence alone

        cure = "Delete the columns that you do not need, or split the file."
        raise ImportFailed(
            f"{name} has {count(rows, 'row')} of {count(columns, 'column')}, too many cells. {cure}", [cure]
        )


def header_row(rows: Sequence[Row]) -> int:
    """Return the index of the header: the first row, unless a fuller row below it has well-known names.

    A merged cell above several columns may have such a name, too: it is no header unless a text column is beside it.
    """
    if not rows or (known_headers(rows[0][1]) and (_filled(rows[0][1]) > 1 or len(rows[0][1]) == 1)):
        return 0
    widest = _filled(rows[0][1])
    for at, (_, cells) in enumerate(rows[1:FIRST_ROWS], start=1):
        if _filled(cells) > widest and guess_mapping([cell.strip() for cell in cells]):
            return at
        widest = max(widest, _filled(cells))
    return 0


def _filled(cells: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in cells)
