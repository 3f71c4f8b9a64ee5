"""The tables that spreadsheets and scripts save, each with the same two items."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tests.studies.test_item_files import workbook

TITLE, TEXT = "Café", "Some abstract; with a semicolon, and a “naïve” quote."
EXPECTED = [("d1", TITLE, TEXT), ("d2", "Two", "More.")]
"""Id, title and text of the items in every file."""


@dataclass(frozen=True)
class ItemFile:
    """A file with the columns and choices that have to be given because they cannot be guessed."""

    name: str
    content: bytes
    columns: dict[str, str] = field(default_factory=dict)
    """Columns of text, item_id and title."""
    choices: dict[str, str] = field(default_factory=dict)
    """encoding or sheet."""


def table(separator: str = ",", header: Sequence[str] = ("id", "title", "text"), line_end: str = "\n") -> str:
    lines = [header, ("d1", TITLE, f'"{TEXT}"'), ("d2", "Two", "More.")]
    return "".join(separator.join(cells) + line_end for cells in lines)


def _sheet(header: Sequence[object]) -> list[list[object]]:
    return [list(header), ["d1", TITLE, TEXT], ["d2", "Two", "More."]]


_ODD = ("number", "heading", "body")
_ODD_COLUMNS = {"item_id": "number", "title": "heading", "text": "body"}
KINDS: Mapping[str, ItemFile] = {
    "commas": ItemFile("items.csv", table().encode()),
    "semicolons": ItemFile("items.csv", table(";").encode()),
    "semicolons with a byte-order mark": ItemFile("items.csv", table(";").encode("utf-8-sig")),
    "tabs": ItemFile("items.tsv", table("\t").replace('"', "").encode()),
    "tabs in a file named csv": ItemFile("items.csv", table("\t").replace('"', "").encode()),
    "capitals": ItemFile("items.csv", table(header=("ID", "Title", "Text")).encode()),
    "blanks": ItemFile("items.csv", table(", ", ("id", "title", "text")).encode()),
    "blank rows": ItemFile("items.csv", (table() + "\n,,\n,,\n").encode()),
    "Windows-1252": ItemFile("items.csv", table().encode("cp1252")),
    "UTF-16 as Excel saves it": ItemFile("items.csv", table("\t", line_end="\r\n").replace('"', "").encode("utf-16")),
    "JSON Lines": ItemFile(
        "items.jsonl",
        "".join(f'{{"id": "{key}", "title": "{title}", "text": "{text}"}}\n' for key, title, text in EXPECTED).encode(),
    ),
    "workbook": ItemFile("items.xlsx", workbook(_sheet(("id", "title", "text")))),
    "other names": ItemFile("items.csv", table(header=_ODD).encode(), _ODD_COLUMNS),
    "chosen encoding": ItemFile("items.csv", table().encode("cp1252"), {}, {"encoding": "cp1252"}),
    "chosen sheet": ItemFile(
        "items.xlsx",
        workbook([["id", "text"], ["x", "Not this one."]], _sheet(_ODD)),
        _ODD_COLUMNS,
        {"sheet": "Sheet1"},
    ),
}
