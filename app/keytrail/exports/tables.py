"""The exportable tables, and their files."""

from collections.abc import Iterator, Mapping, Sequence
from typing import IO, Any, cast
from zipfile import ZIP_DEFLATED, ZipFile

from keytrail.db import Database
from keytrail.errors import NotFound
from keytrail.exports.columns import Table
from keytrail.exports.decisions import DECISIONS
from keytrail.exports.events import EVENTS
from keytrail.exports.items import ITEMS
from keytrail.exports.reports import FINDINGS, REPORTS, SPANS
from keytrail.exports.selection import Selection
from keytrail.exports.sink import Sink, in_pieces
from keytrail.exports.submissions import SUBMISSIONS
from keytrail.exports.writers import FORMATS

TABLES: tuple[Table[Any], ...] = (SUBMISSIONS, FINDINGS, SPANS, REPORTS, DECISIONS, EVENTS, ITEMS)


def table_of(name: str) -> Table[Any]:
    """Return the table of this name. Raises NotFound."""
    for table in TABLES:
        if table.name == name:
            return table
    raise NotFound(f"There is no table {name[:40]!r}. There are {', '.join(table.name for table in TABLES)}.")


def media_type(file_format: str) -> str:
    """Return the media type of a format. Raises NotFound for an unsupported one."""
    if file_format not in FORMATS:
        raise NotFound(f"There is no format {file_format[:40]!r}. There are {', '.join(FORMATS)}.")
    return FORMATS[file_format][1]


def stream(database: Database, table: Table[Any], file_format: str, selection: Selection) -> Iterator[bytes]:
    """Yield the file in chunks; the database is read while they are taken.

    No connection is held while a chunk is being sent, because a download may stall. Each batch is therefore as current
    as the time at which it is read.
    """
    write, _ = FORMATS[file_format]
    with database.reading() as db:
        for piece in write(table.columns, table.values(db, selection)):
            db.close()
            yield from in_pieces(piece)


def bundle(
    database: Database,
    tables: Sequence[Table[Any]],
    file_format: str,
    selection: Selection,
    beside: Mapping[str, str],
) -> Iterator[bytes]:
    """Yield the archive in chunks. `beside` are further text files by name."""
    sink = Sink()
    with ZipFile(cast("IO[bytes]", sink), "w", ZIP_DEFLATED) as archive:
        for name, content in beside.items():
            archive.writestr(name, content)
        for table in tables:
            # The size is not known beforehand.
            with archive.open(f"{table.name}.{file_format}", "w", force_zip64=True) as file:
                for piece in stream(database, table, file_format, selection):
                    file.write(piece)
                    yield from in_pieces(sink.taken())
    yield from in_pieces(sink.taken())
