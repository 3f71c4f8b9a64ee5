"""Read an Excel workbook (.xlsx)."""

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from keytrail.errors import ImportFailed
from keytrail.studies.item_files.raw import RawTable

_MAX_UNPACKED = 200_000_000
_MAX_ROWS = 100_000
_MAX_COLUMNS = 200


def read_workbook(content: bytes, name: str) -> RawTable:
    """Read the first non-empty sheet. Raises ImportFailed for a damaged, locked or huge workbook."""
    # A quarter of a second that only a workbook costs.
    from openpyxl import load_workbook  # noqa: PLC0415

    _refuse_bomb(content, name)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        for sheet in book.worksheets:
            rows = list(_rows(sheet))
            if rows:
                return RawTable(f"Excel workbook, sheet “{sheet.title}”", rows[0][1], tuple(rows[1:]))
    except Exception as error:  # a damaged workbook fails in many ways inside the library
        raise _unreadable(name) from error
    raise ImportFailed(f"{name} is empty.", ["All sheets of the workbook are empty."])


def _rows(sheet: Any) -> Iterator[tuple[int, tuple[str, ...]]]:
    # Some programs write a wrong size of the sheet, at which the library would stop.
    sheet.reset_dimensions()
    cells = sheet.iter_rows(values_only=True, max_row=_MAX_ROWS, max_col=_MAX_COLUMNS)
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
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value)


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
