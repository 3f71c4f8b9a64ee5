"""Write files in four formats, in chunks so that memory stays flat."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from keytrail.exports.columns import Column, ColumnKind
from keytrail.exports.sink import PIECE_BYTES, Sink
from keytrail.exports.spreadsheet import write_workbook
from keytrail.exports.storable import storable

Values = tuple[Any, ...]
Write = Callable[[Sequence[Column[Any]], Iterable[Values]], Iterator[bytes]]

_ROWS_A_GROUP = 5_000
_ARROW: Mapping[ColumnKind, Any] = {
    ColumnKind.TEXT: pa.string(),
    ColumnKind.WHOLE: pa.int64(),
    ColumnKind.NUMBER: pa.float64(),
    ColumnKind.FLAG: pa.bool_(),
    ColumnKind.MOMENT: pa.timestamp("us", tz="UTC"),
    ColumnKind.JSON: pa.string(),
}


def write_csv(columns: Sequence[Column[Any]], rows: Iterable[Values]) -> Iterator[bytes]:
    """Write UTF-8 with a header; missing values are empty. Characters that UTF-8 cannot encode become U+FFFD."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([column.name for column in columns])
    for row in rows:
        writer.writerow([_cell(column, value) for column, value in zip(columns, row, strict=True)])
        if buffer.tell() >= PIECE_BYTES:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def write_jsonl(columns: Sequence[Column[Any]], rows: Iterable[Values]) -> Iterator[bytes]:
    """Write one object per line, in ASCII with escapes: exact for any text."""
    names = [column.name for column in columns]
    buffer = io.StringIO()
    for row in rows:
        buffer.write(f"{json.dumps(dict(zip(names, row, strict=True)), default=_plain)}\n")
        if buffer.tell() >= PIECE_BYTES:
            yield buffer.getvalue().encode("ascii")
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode("ascii")


def write_parquet(columns: Sequence[Column[Any]], rows: Iterable[Values]) -> Iterator[bytes]:
    """Write typed columns, compressed; each carries its meaning as metadata."""
    schema = pa.schema(
        [pa.field(c.name, _ARROW[c.kind], metadata={"meaning": c.meaning}) for c in columns],
    )
    sink = Sink()
    with pq.ParquetWriter(sink, schema, compression="zstd") as writer:
        for piece in _groups(rows):
            values = [
                [_arrow(column, value) for value in part]
                for column, part in zip(columns, zip(*piece, strict=True), strict=True)
            ]
            writer.write_table(pa.table(dict(zip(schema.names, values, strict=True)), schema=schema))
            yield sink.taken()
    yield sink.taken()


FORMATS: Mapping[str, tuple[Write, str]] = {
    "csv": (write_csv, "text/csv; charset=utf-8"),
    "jsonl": (write_jsonl, "application/x-ndjson"),
    "parquet": (write_parquet, "application/vnd.apache.parquet"),
    "xlsx": (write_workbook, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}

COMPRESSED: tuple[str, ...] = (FORMATS["parquet"][1], FORMATS["xlsx"][1])
"""Media types that are compressed inside."""


def _cell(column: Column[Any], value: Any) -> Any:
    if value is None:
        return ""
    if column.kind == ColumnKind.JSON:
        return json.dumps(value, default=_plain)
    if column.kind == ColumnKind.FLAG:
        return "true" if value else "false"
    return storable(value) if isinstance(value, str) else _plain(value)


def _arrow(column: Column[Any], value: Any) -> Any:
    if value is None:
        return None
    if column.kind == ColumnKind.JSON:
        return json.dumps(value, default=_plain)
    return storable(str(value)) if column.kind == ColumnKind.TEXT else value


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _groups(rows: Iterable[Values]) -> Iterator[list[Values]]:
    source = iter(rows)
    while piece := list(islice(source, _ROWS_A_GROUP)):
        yield piece
