"""Write spreadsheets: Excel workbooks for people who open exports by double click."""

import json
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from keytrail.exports.columns import Column, ColumnKind
from keytrail.exports.storable import storable

# Excel's limits: characters in a cell, and rows in a sheet.
_MAX_CELL = 32_767
_CUT = " [cut: a spreadsheet cell holds no more; export CSV for the whole text]"
_MAX_ROWS = 1_048_575
_PIECE = 256 * 1024
_CONTROLS = {code: "\ufffd" for code in range(32) if chr(code) not in "\t\n\r"}


def write_workbook(columns: Sequence[Column[Any]], rows: Iterable[tuple[Any, ...]]) -> Iterator[bytes]:
    """Write one sheet. Texts, ids and times are text cells, so no program takes them for formulas, numbers or dates.

    Raises ValueError for more rows than a sheet holds.
    """
    # A quarter of a second that only workbooks cost.
    from openpyxl import Workbook  # noqa: PLC0415
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415

    book = Workbook(write_only=True)
    sheet = book.create_sheet("data")
    sheet.freeze_panes = "A2"

    def cell(column: Column[Any], value: Any) -> Any:
        plain = _plain(column, value)
        if not isinstance(plain, str):
            return plain
        text = WriteOnlyCell(sheet, value="")
        text.value = plain
        text.data_type = "s"  # the library would make a formula of text that begins with =
        return text

    sheet.append([column.name for column in columns])
    for number, row in enumerate(rows):
        if number >= _MAX_ROWS:
            raise ValueError("a sheet holds no more rows; export CSV")
        sheet.append([cell(column, value) for column, value in zip(columns, row, strict=True)])
    with tempfile.TemporaryFile() as file:
        book.save(file)
        file.seek(0)
        while piece := file.read(_PIECE):
            yield piece


def _plain(column: Column[Any], value: Any) -> Any:
    if value is None or column.kind in {ColumnKind.WHOLE, ColumnKind.NUMBER, ColumnKind.FLAG}:
        return value
    if column.kind == ColumnKind.JSON:
        value = json.dumps(value, default=str)
    text = value.isoformat() if isinstance(value, datetime) else storable(str(value))
    text = text.translate(_CONTROLS)
    return text if len(text) <= _MAX_CELL else text[: _MAX_CELL - len(_CUT)] + _CUT
