"""Tables as spreadsheets and scripts save them."""

import io
import itertools
import zipfile
from datetime import date, time
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from keytrail.errors import ImportFailed
from keytrail.studies import ItemRow, read_items
from keytrail.studies.item_files import FileChoices, guess_mapping, read_table, rows_of
from keytrail.studies.item_files.columns import checked_mapping

TEXT = "Some abstract; with a semicolon, and a comma."


def workbook(*sheets: list[list[object]]) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    for rows in sheets:
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(row)
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def items(content: bytes, name: str = "items.csv") -> list[ItemRow]:
    table = read_table(content, name)
    return rows_of(table, checked_mapping(table.columns, None, None, None))


@pytest.mark.parametrize(
    "content",
    [
        f'id;title;text\na1;One;"{TEXT}"\n'.encode(),
        f"id\ttitle\ttext\na1\tOne\t{TEXT}\n".encode(),
        f'ID,Title,Text\na1,One,"{TEXT}"\n'.encode(),
        f'id, title, text\na1, One, "{TEXT}"\n'.encode(),
        f'id,title,text\na1,One,"{TEXT}"\n,,\n,,\n'.encode(),
        f'id;title;text\na1;One;"{TEXT}"\n'.encode("utf-8-sig"),
        f"id\ttitle\ttext\r\na1\tOne\t{TEXT}\r\n".encode("utf-16"),
    ],
    ids=["semicolons", "tabs", "capitals", "blanks", "empty rows", "byte-order mark", "UTF-16"],
)
def test_tables_of_public_bug_reports(content: bytes) -> None:
    assert items(content) == [ItemRow("a1", TEXT, "One")]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_any_delimiter_encoding_and_line_end(delimiter: str, encoding: str, line_end: str) -> None:
    lines = [
        delimiter.join(cells)
        for cells in (["ID", "Title", "Abstract"], ["a1", "Café", f'"{TEXT} and “naïve”"'], ["", "", ""])
    ]
    content = (line_end.join(lines) + line_end).encode(encoding)
    assert items(content) == [ItemRow("a1", f"{TEXT} and “naïve”", "Café")]


def test_the_delimiter_that_excel_states_is_taken() -> None:
    assert items(b"sep=;\r\nid;text\r\n1;One, two\r\n") == [ItemRow("1", "One, two")]


def test_quotation_marks_in_a_table_of_tabs_are_characters() -> None:
    assert items(b'id\ttext\n1\t"So" they said.\n2\tSix " of seven\n') == [
        ItemRow("1", '"So" they said.'),
        ItemRow("2", 'Six " of seven'),
    ]


def test_a_workbook_with_numbers_dates_and_an_empty_first_sheet() -> None:
    rows: list[list[object]] = [["ID", None, "Text", "Year", "Good"], [7, None, TEXT, 2018.0, True], [None, None, None]]
    assert items(workbook([], rows), "items.xlsx") == [ItemRow("7", TEXT, "", {"Year": "2018", "Good": "true"})]


def test_a_date_in_a_workbook_is_no_time() -> None:
    rows: list[list[object]] = [["ID", "Text", "Read"], ["1", TEXT, date(2020, 1, 2)], ["2", TEXT, time(9, 30)]]
    assert [item.fields["Read"] for item in items(workbook(rows), "items.xlsx")] == ["2020-01-02", "09:30:00"]


def test_the_sheet_with_a_text_column_is_read_unless_another_is_chosen() -> None:
    content = workbook([["Notes", "By"], ["Read me", "Ada"]], [["ID", "Abstract"], ["1", TEXT]])
    table = read_table(content, "items.xlsx")
    assert (table.columns, table.sheets, table.sheet) == (("ID", "Abstract"), ("Sheet", "Sheet1"), "Sheet1")
    assert read_table(content, "items.xlsx", FileChoices(sheet="Sheet")).columns == ("Notes", "By")
    with pytest.raises(ImportFailed, match="no sheet 'Data'") as refused:
        read_table(content, "items.xlsx", FileChoices(sheet="Data"))
    assert refused.value.problems == ["Its sheets are: Sheet, Sheet1."]


def test_a_visible_sheet_comes_before_a_hidden_one() -> None:
    book = load_workbook(io.BytesIO(workbook([["text"], ["Choice"]], [["text"], ["One"]])))
    book.worksheets[0].sheet_state = "hidden"
    saved = io.BytesIO()
    book.save(saved)
    table = read_table(saved.getvalue(), "a.xlsx")
    assert (table.rows[0][1], len(table.sheets)) == (("One",), 2)


def test_a_merged_cell_above_the_header_is_none() -> None:
    rows: list[list[object]] = [["Item", None, None], ["id", "title", "text"], [1, "One", TEXT]]
    assert items(workbook(rows), "a.xlsx") == [ItemRow("1", TEXT, "One")]
    assert items(workbook([["Text"], ["One"], ["Two"]]), "a.xlsx")[1].text == "Two"


def test_characters_that_excel_escapes_are_read() -> None:
    read = items(workbook([["text"], ["One_x000D_\nTwo, at _x_ and x0041_"]]), "a.xlsx")
    assert read[0].text == "One\nTwo, at _x_ and x0041_"


def test_a_formula_without_a_stored_result_says_what_to_do() -> None:
    with pytest.raises(ImportFailed) as refused:
        items(workbook([["id", "text"], [1, '="One"&"Two"']]), "a.xlsx")
    assert "open the workbook in Excel and save it there once" in refused.value.problems[0]


@pytest.mark.parametrize(("delimiter", "label"), [("^", "carets"), ("~", "tildes"), (":", "colons")])
def test_a_rare_delimiter_is_taken_where_it_separates_known_names(delimiter: str, label: str) -> None:
    table = read_table(f"id{delimiter}text\n1{delimiter}{TEXT}\n".encode(), "a.csv")
    assert (table.format, table.columns, table.rows[0][1]) == (f"CSV separated by {label}", ("id", "text"), ("1", TEXT))
    assert items(b"text\nAt ten: one\n")[0].text == "At ten: one"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_notes_above_the_header_are_left_out(delimiter: str) -> None:
    lines = ["Abstracts of 2020", "", f"ID{delimiter}Abstract{delimiter}Year", f"1{delimiter}Ants{delimiter}2020"]
    assert items("\n".join(lines).encode()) == [ItemRow("1", "Ants", "", {"Year": "2020"})]
    rows: list[list[object]] = [["Abstracts of 2020"], [], ["ID", "Abstract", "Year"], [1, "Ants", 2020]]
    assert items(workbook(rows), "items.xlsx") == [ItemRow("1", "Ants", "", {"Year": "2020"})]


def test_a_header_of_unknown_names_stays_though_a_row_looks_like_one() -> None:
    table = read_table(b"Nummer,Zusammenfassung,Jahr\nid,text,2020\n", "items.csv")
    assert table.columns == ("Nummer", "Zusammenfassung", "Jahr")


def test_a_workbook_under_another_name_is_still_read() -> None:
    assert items(workbook([["text"], ["One"]]), "items.csv")[0].text == "One"


def test_ids_are_made_where_there_are_none_and_avoid_those_that_are_taken() -> None:
    table = read_table(b"id,text\n,One\nitem-1,Two\n,Three\n", "a.csv")
    mapping = guess_mapping(table.columns)
    assert mapping is not None
    keys = [row.key for row in rows_of(table, mapping, {"item-2"})]
    assert keys == ["item-3", "item-1", "item-4"]


def test_further_columns_stay_with_the_item() -> None:
    content = b"Journal,DOI,Abstract,Year\nNature,10.1/x,One,2020\n"
    assert items(content) == [ItemRow("10.1/x", "One", "", {"Journal": "Nature", "Year": "2020"})]


def test_a_json_list_is_read_as_json_lines_are() -> None:
    assert items(b'[{"id": 1, "text": "One", "n": 2}, {"text": "Two"}]', "a.json") == [
        ItemRow("1", "One", "", {"n": "2"}),
        ItemRow("item-1", "Two"),
    ]


def test_an_object_with_one_list_is_read_as_the_list() -> None:
    assert items(b'{"count": 1, "results": [{"id": 1, "abstract": "Ants"}]}', "items.json") == [ItemRow("1", "Ants")]


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "a.xls", "old Excel workbook"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "a.xlsx", "protected by a password. Open it"),
        (workbook([["text"]] * 8), "a.xlsx", "more than 6 rows"),
        (
            workbook([["text", "a", "b", "c", "d", "e"], ["One", "1", "2", "3", "4", "5"]]),
            "a.xlsx",
            "more than 5 columns",
        ),
        (b"%PDF-1.7 and so on", "a.pdf", "a PDF"),
        (workbook([["id", "text"], ["1", "One"]])[:900], "a.xlsx", "damaged, cut off or protected"),
        (workbook([]), "a.xlsx", "is empty"),
        (b" \r\n", "a.csv", "is empty"),
        (b"\xff\xfei\0d\0,", "a.csv", "UTF-16"),
        (b",,\n1,2,3\n", "a.csv", "no header"),
        (b'{"id": 1, "text": "x"}\n{"id": 2, "te', "a.jsonl", "1 bad line"),
        (b"[" * 100_000, "a.json", "bad line"),
        (b"col1,col2,col3\n1,2,3\n", "a.csv", "No column looks like the text"),
    ],
    # A workbook holds the time at which it was made, and xdist wants the same names in every process.
    ids=itertools.count(),
)
def test_a_file_that_cannot_be_read_says_why_and_what_to_do(
    content: bytes, name: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("keytrail.studies.item_files.workbook._MAX_ROWS", 6)
    monkeypatch.setattr("keytrail.studies.item_files.workbook._MAX_COLUMNS", 5)
    with pytest.raises(ImportFailed) as refused:
        items(content, name)
    assert words in refused.value.message
    assert refused.value.problems


def test_an_archive_that_is_no_workbook_and_one_that_unpacks_to_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    document = io.BytesIO()
    with zipfile.ZipFile(document, "w") as archive:
        archive.writestr("word/document.xml", "x")
    with pytest.raises(ImportFailed, match="not an Excel workbook"):
        read_table(document.getvalue(), "a.zip")
    monkeypatch.setattr("keytrail.studies.item_files.workbook._MAX_UNPACKED", 10)
    with pytest.raises(ImportFailed, match="when unpacked"):
        read_table(workbook([["text"], ["One"]]), "a.xlsx")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", "text" + "," * 5_000 + "\n" + "x\n" * 5_000),
        ("a.jsonl", "".join(f'{{"{n}":1}}\n' for n in range(5_000))),
    ],
    ids=["short rows", "different keys"],
)
def test_a_small_file_of_which_missing_cells_make_a_huge_table_is_refused(name: str, content: str) -> None:
    with pytest.raises(ImportFailed, match=r"5,000 rows of 5,00[01] columns, too many cells\. Delete the columns"):
        read_table(content.encode(), name)


def test_one_column_cannot_be_two_things() -> None:
    with pytest.raises(ImportFailed, match="used only once"):
        checked_mapping(("a", "b"), "a", "a", None)
    with pytest.raises(ImportFailed, match="no column 'c'"):
        checked_mapping(("a", "b"), "c", None, None)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ImportFailed, match="cannot be read"):
        read_items(tmp_path / "nope.csv")
