"""Read CSV with any delimiter, and TSV."""

import csv
import io
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from keytrail.errors import ImportFailed
from keytrail.studies.item_files.columns import known_headers
from keytrail.studies.item_files.raw import FIRST_ROWS, RawTable, Row, header_row

_DELIMITERS: Final = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
_RARE_DELIMITERS: Final = {"^": "carets", "~": "tildes", ":": "colons", "¦": "broken bars"}
"""Taken only if they separate at least two well-known names."""
_MAX_CELL = 1_000_000


def read_delimited(text: str, name: str) -> RawTable:
    """Read rows with the delimiter that the header shows. Raises ImportFailed for broken quotes or too many cells."""
    text, stated = _stated_delimiter(text)
    delimiter = stated or _delimiter(text)
    rows = list(_rows(text, delimiter, name))
    at = header_row(rows)
    columns, rows = rows[at][1], rows[at + 1 :]
    problems = [f"line {number}: {problem}" for number, cells in rows if (problem := _surplus(columns, cells))]
    if problems:
        from keytrail.provenance.formatting import count  # noqa: PLC0415 -- loads the analysis, for this sentence alone

        raise ImportFailed(
            f"Nothing was imported from {name}: {count(len(problems), 'row')} with more cells than the header.",
            problems,
        )
    separated_by = (_DELIMITERS | _RARE_DELIMITERS).get(delimiter, repr(delimiter))
    label = "TSV" if delimiter == "\t" else f"CSV separated by {separated_by}"
    return RawTable(label, columns, tuple(rows))


def _stated_delimiter(text: str) -> tuple[str, str | None]:
    """Return the delimiter of a first line `sep=;`, as Excel writes it."""
    first, _, rest = text.partition("\n")
    first = first.strip().strip('"')
    is_stated = first.lower().startswith("sep=") and len(first) == len("sep=") + 1
    return (rest, first[-1]) if is_stated else (text, None)


def _delimiter(text: str) -> str:
    """Return the delimiter with which one of the first rows has the most known names, then the most columns."""

    def fit(delimiter: str) -> tuple[int, int]:
        try:
            reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
            header = max(islice(reader, FIRST_ROWS), key=known_headers, default=[])
        except csv.Error:
            return 0, 0
        return known_headers(header), len(header)

    best = max(_DELIMITERS, key=fit)
    rare = max(_RARE_DELIMITERS, key=fit)
    return rare if fit(best)[0] == 0 and fit(rare)[0] > 1 else best


def _rows(text: str, delimiter: str, name: str) -> Iterator[Row]:
    csv.field_size_limit(_MAX_CELL)
    # Quoted cells may hold line breaks of any kind; newline="" leaves them to the reader. Programs that write tabs
    # seldom quote, so there a quotation mark is most likely part of the text.
    unquoted = delimiter == "\t" and not _tabs_are_quoted(text)
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=delimiter,
        skipinitialspace=True,
        strict=True,
        quoting=csv.QUOTE_NONE if unquoted else csv.QUOTE_MINIMAL,
    )
    begins = 1
    try:
        for cells in reader:
            if cells:
                yield begins, tuple(cells)
            begins = reader.line_num + 1
    except csv.Error as error:
        problem = f"line {begins}: {_cause(error)}"
        raise ImportFailed(f"Nothing was imported from {name}: the quotation marks are wrong.", [problem]) from None


def _cause(error: csv.Error) -> str:
    """Word an error of the library, which stops at the first."""
    if "unexpected end" in str(error):
        return "a quotation mark begins a cell here and none ends it. Add one, or remove the first."
    if "field larger" in str(error):
        return f"a cell holds more than {_MAX_CELL:,} characters. A quotation mark may be missing."
    return 'text follows a closing quotation mark. Write each quotation mark inside a quoted cell twice ("").'


def _tabs_are_quoted(text: str) -> bool:
    try:
        widths = {
            len(cells) for cells in csv.reader(io.StringIO(text, newline=""), delimiter="\t", strict=True) if cells
        }
    except csv.Error:
        return False
    return len(widths) == 1


def _surplus(columns: Sequence[str], cells: Sequence[str]) -> str | None:
    if any(cell.strip() for cell in cells[len(columns) :]):
        return (
            f"has {len(cells)} cells and the header {len(columns)}. Put quotation marks around cells that hold the "
            "delimiter."
        )
    return None
