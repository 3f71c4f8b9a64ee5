"""Read an Excel workbook (.xlsx)."""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from typing import Any

from keytrail.errors import ImportFailed
from keytrail.studies.item_files.columns import guess_mapping
from keytrail.studies.item_files.raw import RawTable, Row, header_row

_MAX_UNPACKED = 200_000_000
_MAX_ROWS = 100_001  # with the header
_MAX_COLUMNS = 200
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
"""A character that XML has no place for, as Excel writes it: `_x000D_` is a carriage return."""


def read_workbook(content: bytes, name: str, chosen: str = "") -> RawTable:
    """Read the chosen sheet; otherwise the first whose header has a text column, or the first that has rows.

    Raises ImportFailed for a damaged, locked or huge workbook, and for a sheet that is not there.
    """
    # A quarter of a second that only a workbook costs.
    from openpyxl import load_workbook  # noqa: PLC0415

    _refuse_bomb(content, name)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        # Hidden sheets hold lists and calculations more often than items.
        ordered = sorted(book.worksheets, key=lambda sheet: sheet.sheet_state != "visible")
        sheets = {sheet.title: rows for sheet in ordered if (rows := list(_rows(sheet)))}
    except MemoryError:
        raise  # the file is large, not damaged
    except Exception as error:  # a damaged workbook fails in many ways inside the library
        raise _unreadable(name) from error
    if not sheets:
        raise ImportFailed(f"{name} is empty.", ["All sheets of the workbook are empty."])
    if chosen and chosen not in sheets:
        raise ImportFailed(f"{name} has no sheet {chosen!r} with content.", [f"Its sheets are: {', '.join(sheets)}."])
    title = chosen or _likely_sheet(sheets)
    _refuse_cut_off(sheets[title], name, title)
    return _table(sheets, title)


def _refuse_cut_off(rows: list[Row], name: str, title: str) -> None:
    """Refuse a sheet of which not all was read, rather than leave out what is beyond."""
    if rows[-1][0] > _MAX_ROWS:
        cure = "Split it into several files."
        raise ImportFailed(f"The sheet “{title}” of {name} has more than {_MAX_ROWS:,} rows. {cure}", [cure])
    if any(any(cells[_MAX_COLUMNS:]) for _, cells in rows):
        cure = "Delete those that you do not need."
        raise ImportFailed(f"The sheet “{title}” of {name} has more than {_MAX_COLUMNS:,} columns. {cure}", [cure])


def _likely_sheet(sheets: Mapping[str, list[Row]]) -> str:
    filled = [title for title, rows in sheets.items() if len(rows) > 1] or list(sheets)
    with_text = [title for title in filled if guess_mapping(sheets[title][header_row(sheets[title])][1])]
    return (with_text or filled)[0]


def _table(sheets: Mapping[str, list[Row]], title: str) -> RawTable:
    rows = sheets[title]
    at = header_row(rows)
    label = f"Excel workbook, sheet “{title}”"
    return RawTable(label, rows[at][1], tuple(rows[at + 1 :]), tuple(sheets), title)


def _rows(sheet: Any) -> Iterator[Row]:
    # Some programs write a wrong size of the sheet, at which the library would stop.
    sheet.reset_dimensions()
    # One more of each, to notice that there are more.
    cells = sheet.iter_rows(values_only=True, max_row=_MAX_ROWS + 1, max_col=_MAX_COLUMNS + 1)
    for number, row in enumerate(cells, start=1):
        values = tuple(_cell(value) for value in row)
        if any(values):
            yield number, values


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time.min:  # a cell with a date alone is midnight to the library
        return value.date().isoformat()
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), str(value))


def _refuse_bomb(content: bytes, name: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            unpacked = sum(part.file_size for part in archive.infolist())
    except zipfile.BadZipFile:
        raise _unreadable(name) from None
    if "xl/workbook.xml" not in names:
        cure = "Open the table, save it as .xlsx or CSV, and choose that file."
        raise ImportFailed(f"{name} is an archive or document, not an Excel workbook. {cure}", [cure])
    if unpacked > _MAX_UNPACKED:
        cure = "Split it, or save the sheet with the items as CSV."
        raise ImportFailed(f"{name} is larger than {_MAX_UNPACKED // 1_000_000} MB when unpacked.", [cure])


def _unreadable(name: str) -> ImportFailed:
    cure = (
        "It may be damaged, cut off or protected by a password. Open it in Excel, save it again, and choose that file."
    )
    return ImportFailed(f"{name} cannot be read as an Excel workbook. {cure}", [cure])
