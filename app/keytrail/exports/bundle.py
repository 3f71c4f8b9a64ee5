"""Several tables with their codebook, data card and loader in one ZIP, made while it is sent."""

from collections.abc import Iterator, Mapping, Sequence
from typing import IO, Any, cast
from zipfile import ZIP_DEFLATED, ZipFile

from keytrail.db import Database
from keytrail.exports.columns import Table
from keytrail.exports.selection import Selection
from keytrail.exports.sink import Sink
from keytrail.exports.tables import stream


def bundle(
    database: Database,
    tables: Sequence[Table[Any]],
    file_format: str,
    selection: Selection,
    beside: Mapping[str, str],
) -> Iterator[bytes]:
    """The archive in pieces. `beside` are further text files by name."""
    sink = Sink()
    with ZipFile(cast("IO[bytes]", sink), "w", ZIP_DEFLATED) as archive:
        for name, content in beside.items():
            archive.writestr(name, content)
        for table in tables:
            # The size is not known beforehand.
            with archive.open(f"{table.name}.{file_format}", "w", force_zip64=True) as file:
                for piece in stream(database, table, file_format, selection):
                    file.write(piece)
                    yield sink.taken()
    yield sink.taken()
