"""Read a table from a file of any format that spreadsheets and scripts write."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Final

from keytrail.errors import ImportFailed
from keytrail.studies.item_files.delimited import read_delimited
from keytrail.studies.item_files.encoding import LEGACY_ENCODINGS, decode
from keytrail.studies.item_files.json_lines import read_json
from keytrail.studies.item_files.raw import RawTable, Row, refuse_sparse
from keytrail.studies.item_files.workbook import read_workbook

_JSON_SUFFIXES = (".jsonl", ".ndjson", ".json")
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_WEB_PAGE = ("<html", "<!doctype html", "<table", "<meta")
_SNIFFED = 20
_OTHER_FORMATS: Mapping[str, str] = {
    ".xls": "an old Excel workbook",
    ".ods": "an OpenDocument spreadsheet",
    ".numbers": "a Numbers spreadsheet",
    ".docx": "a Word document",
    ".doc": "a Word document",
    ".pdf": "a PDF",
}


@dataclass(frozen=True)
class FileChoices:
    """What people choose where the guess is wrong: a key of LEGACY_ENCODINGS, a sheet of a workbook; or empty."""

    encoding: str = ""
    sheet: str = ""


AS_GUESSED: Final = FileChoices()


@dataclass(frozen=True)
class SheetTable:
    """A file's header and its non-empty rows, each with its first line number.

    `format` names what was recognised, for the preview: "CSV separated by semicolons, Windows-1252".
    """

    name: str
    format: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    encoding: str = ""
    """Which of the encodings before Unicode it was read in (a key of LEGACY_ENCODINGS), or empty."""
    sheets: tuple[str, ...] = ()
    """The sheets of a workbook that have content."""
    sheet: str = ""


def read_table(
    content: bytes, name: str, choices: FileChoices = AS_GUESSED, *, header_only: bool = False
) -> SheetTable:
    """Read xlsx, CSV with any delimiter, TSV, JSON Lines or a JSON list. Raises ImportFailed with cause and remedy.

    With `header_only` a single row is enough: in a list without a header it is the first entry.
    """
    suffix = PurePath(name).suffix.lower()
    _refuse_other_formats(content, suffix, name)
    if not content.strip(b"\0 \r\n\t\xef\xbb\xbf\xff\xfe"):
        raise ImportFailed(f"{name} is empty.", ["The file is empty. Choose the file with your items."])
    if content.startswith(_ZIP):
        raw, found = read_workbook(content, name, choices.sheet), ""
    else:
        raw, found = _read_text(content, suffix, name, choices.encoding)
    _refuse_unstorable(raw, name)
    table = _tidied(raw, name)
    if not table.rows and not header_only:
        raise ImportFailed(
            f"{name} holds no items.", ["There is a header and nothing below it. Add one row for each item."]
        )
    return replace(table, encoding=found if found in LEGACY_ENCODINGS else "")


def _read_text(content: bytes, suffix: str, name: str, chosen: str) -> tuple[RawTable, str]:
    text, encoding = decode(content, name, chosen)
    if text.lstrip()[:_SNIFFED].lower().startswith(_WEB_PAGE):
        cure = "Some programs give it the ending .xls. Open it in Excel, save it as .xlsx, and choose that file."
        raise ImportFailed(f"{name} is a web page, not a table. {cure}", [cure])
    looks_json = text.lstrip()[:1] in {"{", "["} and suffix not in {".csv", ".tsv", ".tab"}
    read: Callable[[str, str], RawTable] = read_json if suffix in _JSON_SUFFIXES or looks_json else read_delimited
    raw = read(text, name)
    label = raw.format if encoding == "UTF-8" else f"{raw.format}, {LEGACY_ENCODINGS.get(encoding, encoding)}"
    return replace(raw, format=label), encoding


def _refuse_other_formats(content: bytes, suffix: str, name: str) -> None:
    kind = _OTHER_FORMATS.get(suffix)
    if content.startswith(_OLE) and _LOCKED in content:
        cure = "Open it, remove the password, save it, and choose that file."
        raise ImportFailed(f"{name} is protected by a password. {cure}", [cure])
    if content.startswith(_OLE):
        kind = kind or "an old Excel workbook"
    elif content.startswith(b"%PDF"):
        kind = "a PDF"
    elif not content.startswith(_ZIP) and suffix not in {".numbers", ".ods", ".docx"}:
        kind = None
    if kind:
        cure = "Open it, save it as .xlsx or CSV, and choose that file."
        raise ImportFailed(f"{name} is {kind}, which cannot be read. {cure}", [cure])


def _refuse_unstorable(raw: RawTable, name: str) -> None:
    """Refuse NUL and lone surrogates, which JSON escapes and UTF-16 can contain and databases refuse."""
    lines = [line for line, cells in ((1, raw.columns), *raw.rows) if not all(map(_storable, cells))]
    if lines:
        cure = "holds a character that cannot be stored (NUL or half of a pair). Remove it."
        raise ImportFailed(f"{name} cannot be read as text.", [f"line {line}: {cure}" for line in lines])


def _storable(text: str) -> bool:
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


def _tidied(raw: RawTable, name: str) -> SheetTable:
    """Drop empty rows and columns without header and content; make headers unique."""
    filled = [(line, cells) for line, cells in raw.rows if any(cell.strip() for cell in cells)]
    width = max([len(raw.columns), *(len(cells) for _, cells in filled)])
    header = [*(column.strip() for column in raw.columns), *[""] * (width - len(raw.columns))]
    refuse_sparse(len(filled), width, name)
    padded = [(line, cells + ("",) * (width - len(cells))) for line, cells in filled]
    used = [at for at in range(width) if header[at] or any(cells[at].strip() for _, cells in padded)]
    if not any(header):
        raise ImportFailed(
            f"{name} has no header.", ["Give the first row a name for each column, for example: id, title, text."]
        )
    columns = _unique([header[at] or f"column {at + 1}" for at in used])
    rows = tuple((line, tuple(cells[at] for at in used)) for line, cells in padded)
    return SheetTable(name, raw.format, columns, rows, sheets=raw.sheets, sheet=raw.sheet)


def _unique(names: list[str]) -> tuple[str, ...]:
    seen: dict[str, int] = {}
    unique = []
    for column in names:
        seen[column] = seen.get(column, 0) + 1
        unique.append(column if seen[column] == 1 else f"{column} ({seen[column]})")
    return tuple(unique)
