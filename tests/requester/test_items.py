from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from queue import Queue
from threading import Event
from typing import Any

import pytest

from keytrail.child_process import InProcessHelper
from keytrail.requester.study import item_upload
from keytrail.requester.study.item_upload import ItemUploadPage
from keytrail.requester.study.items import ItemsPage
from keytrail.studies.item_files import AS_GUESSED, FileChoices, SheetTable, read_table
from tests.requester.site import ORIGIN, Site, Visitor
from tests.studies.test_item_files import workbook

HEADERS = {"origin": ORIGIN, "sec-fetch-site": "same-origin"}


@pytest.fixture
def olivia(site: Site) -> Visitor:
    return site.visitor("olivia")


def upload(visitor: Visitor, content: bytes, name: str = "items.csv", **columns: str) -> int:
    """Send a file and, if it is read, import it with the columns that the page suggests or with others."""
    answer = visitor.client.post("/studies/night/items", files={"file": (name, content)}, headers=HEADERS)
    if answer.status_code != 303:
        return answer.status_code
    where = answer.headers["location"]
    page: ItemUploadPage = visitor.context(where)
    assert page.mapping is not None
    suggested = {"text": page.mapping.text, "item_id": page.mapping.id or "", "title": page.mapping.title or ""}
    return visitor.post(where, **(suggested | columns)).status_code


def send(visitor: Visitor, content: bytes, name: str) -> str:
    """Send a file that can be read; return the address of its page."""
    answer = visitor.client.post("/studies/night/items", files={"file": (name, content)}, headers=HEADERS)
    assert answer.status_code == 303
    return str(answer.headers["location"])


def keys(visitor: Visitor) -> list[str]:
    page: ItemsPage = visitor.context("/studies/night/items")
    return [item.key for item in page.items]


class TestItems:
    def test_a_file_adds_its_rows(self, olivia: Visitor) -> None:
        assert upload(olivia, b"id,text,title\nd,Some text,Title d\ne,More,\n") == 303
        assert keys(olivia) == ["a", "b", "c", "d", "e"]

    @pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le"])
    def test_files_full_of_nul_are_no_bad_requests(self, olivia: Visitor, encoding: str) -> None:
        assert upload(olivia, "id\ttext\nd\tSome text\n".encode(encoding)) == 303
        assert keys(olivia)[-1] == "d"

    def test_a_workbook(self, olivia: Visitor) -> None:
        assert upload(olivia, workbook([["ID", "Text"], ["d", "Some text"]]), "items.xlsx") == 303
        assert keys(olivia)[-1] == "d"

    def test_others_write_while_a_file_is_read(
        self, site: Site, olivia: Visitor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def read(content: bytes, name: str, choices: FileChoices = AS_GUESSED) -> SheetTable:
            if not site.database.engine.pool.checkedout():  # type: ignore[attr-defined]  # every pool here counts
                read_freely.append(name)
            return read_table(content, name, choices)

        read_freely: list[str] = []
        monkeypatch.setattr(item_upload, "read_table", read)
        assert upload(olivia, b"id,text\nd,Some text\n") == 303
        assert read_freely == ["items.csv"] * 3  # to store it, to show it, and to import it

    def test_others_are_answered_while_a_large_file_is_read_elsewhere(
        self, site: Site, olivia: Visitor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Each time, the child process gives the table back only after another user was answered."""
        reads: Queue[Event] = Queue()

        class Slow(InProcessHelper):
            def call(self, work: Callable[..., Any], *args: Any) -> Any:
                answered = Event()
                reads.put(answered)
                assert answered.wait(60), "nobody else was answered meanwhile"
                return super().call(work, *args)

        rows = b"".join(b"d%d,%s\n" % (number, b"Some text. " * 10) for number in range(10_000))
        monkeypatch.setattr(site.app.state.services.uploads, "_helper", Slow(site.database))
        other = site.visitor("olivia")
        with ThreadPoolExecutor(1) as pool:
            uploading = pool.submit(upload, olivia, b"id,text\n" + rows)
            for key in "abc":
                answered = reads.get(timeout=60)
                assert other.post("/studies/night/items/remove", key=key).status_code == 303
                answered.set()
            assert uploading.result(60) == 303

    def test_another_encoding_and_sheet_can_be_chosen_before_the_import(self, olivia: Visitor) -> None:
        where = send(olivia, "id\ttext\nd\tcafé\n".encode("cp1252"), "items.tsv")
        page: ItemUploadPage = olivia.context(f"{where}?encoding=cp1251")
        assert (page.table.encoding, page.preview[0][1]) == ("cp1251", "cafй")
        assert "cp1252" in page.encodings
        assert olivia.client.get(f"{where}?encoding=cp932").status_code == 400
        assert olivia.post(where, text="text", item_id="id", encoding="cp1251").status_code == 303
        items: ItemsPage = olivia.context("/studies/night/items")
        assert [item.key for item in items.items][-1] == "d"

        where = send(olivia, workbook([["ID", "Text"], ["e", "One"]], [["ID", "Text"], ["f", "Two"]]), "items.xlsx")
        page = olivia.context(f"{where}?sheet=Sheet1")
        assert (page.table.sheets, page.preview[0], page.encodings) == (("Sheet", "Sheet1"), ("f", "Two"), {})
        assert olivia.post(where, text="Text", item_id="ID", sheet="Sheet1").status_code == 303
        assert keys(olivia)[-1] == "f"

    def test_json_lines_too(self, olivia: Visitor) -> None:
        assert upload(olivia, '{"id": 7, "text": "Grün"}\n'.encode(), "ITEMS.JSONL") == 303
        assert keys(olivia)[-1] == "7"

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (
                b"id,text\nd,\nd,x\nd,ok\n",
                ["line 2: the text (column “text”) is empty", "line 4: id 'd' stands on line 3"],
            ),
            (b"id,text\na,again\n", ["id 'a' is in the study already"]),
            (b"id,text\n\x00\xff,x\n", ["neither text nor a workbook"]),
            (b"", ["Choose the file with your items"]),
            (b"id,text\n", ["nothing below it"]),
        ],
    )
    def test_a_file_with_bad_rows_adds_nothing_and_names_each(
        self, site: Site, olivia: Visitor, content: bytes, words: list[str]
    ) -> None:
        assert upload(olivia, content) == 400
        problems = site.app.state.pages.last.problems
        for said in words:
            assert any(said in problem for problem in problems), problems
        assert keys(olivia) == ["a", "b", "c"]

    def test_what_is_wrong_is_said_once(self, olivia: Visitor) -> None:
        cut = {"file": ("items.xlsx", b"PK\x03\x04 cut off")}
        answer = olivia.client.post("/studies/night/items", files=cut, headers=HEADERS)
        assert (answer.status_code, answer.text.count("choose that file")) == (400, 1)

    def test_a_bad_row_of_a_workbook_is_named_by_its_row(self, olivia: Visitor) -> None:
        where = send(olivia, workbook([["ID", "Text"], ["d", "One"], ["e", None]]), "items.xlsx")
        assert "<li>row 3: the text" in olivia.post(where, text="Text", item_id="ID").text

    @pytest.mark.parametrize("escape", ["\\u0000", "\\ud800", "\\u001b"])
    def test_titles_that_no_database_holds_are_refused(self, olivia: Visitor, escape: str) -> None:
        row = f'{{"id": "d", "text": "x", "title": "{escape}"}}\n'
        assert upload(olivia, row.encode(), "items.jsonl") == 400

    def test_text_that_no_database_holds_is_refused_with_its_line(self, site: Site, olivia: Visitor) -> None:
        assert upload(olivia, b'{"id": "d", "text": "a\\u0000b\\ud800c"}\n', "items.jsonl") == 400
        assert site.app.state.pages.last.problems[0].startswith("line 1: holds a character that cannot be stored")

    def test_an_item_that_nobody_had_can_be_removed(self, site: Site, olivia: Visitor) -> None:
        work = site.hand(item="a")
        work.hand.types("Something.")
        work.submit()
        assert olivia.post("/studies/night/items/remove", key="b").status_code == 303
        assert olivia.post("/studies/night/items/remove", key="a").status_code == 409
        assert olivia.post("/studies/night/items/remove", key="nope").status_code == 400
        page: ItemsPage = olivia.context("/studies/night/items")
        assert [(item.key, item.taken, item.submitted) for item in page.items] == [("a", 1, 1), ("c", 0, 0)]

    @pytest.mark.parametrize("name", ["rafael", "vera"])
    def test_only_owners_may(self, site: Site, name: str) -> None:
        visitor = site.visitor(name)
        assert visitor.context("/studies/night/items").may_edit is False
        assert upload(visitor, b"id,text\nd,x\n") == 403
        assert visitor.post("/studies/night/items/remove", key="b").status_code == 403


def test_long_lists_of_items_are_paged_and_searched(olivia: Visitor) -> None:
    rows = "".join(f"n{number},Some text,Title {number}\n" for number in range(250))
    assert upload(olivia, f"id,text,title\n{rows}".encode()) == 303
    first: ItemsPage = olivia.context("/studies/night/items")
    assert (len(first.items), first.total, first.first_url) == (100, 253, None)
    assert first.next_url is not None
    second: ItemsPage = olivia.context(first.next_url)
    assert (second.items[0].key, second.first_url) == ("n97", "/studies/night/items")
    for column, key in {
        "item": lambda item: (item.title or item.key).lower(),
        "id": lambda item: item.key.lower(),
        "units": lambda item: item.units,
        "taken": lambda item: item.taken,
        "submitted": lambda item: item.submitted,
    }.items():
        for order, backwards in ((column, False), (f"-{column}", True)):
            keys: list[Any] = []
            url = f"/studies/night/items?order={order}"
            while url:
                page: ItemsPage = olivia.context(url)
                assert page.columns[column].direction == ("descending" if backwards else "ascending")
                keys += map(key, page.items)
                url = page.next_url or ""
            assert len(keys) == 253
            assert keys == sorted(keys, reverse=backwards)
    found: ItemsPage = olivia.context("/studies/night/items?words=title+24")
    assert (found.total, len(found.items), found.next_url) == (11, 11, None)
    assert olivia.context("/studies/night").form.items is None
    suggested = olivia.client.get("/studies/night/items/suggestions?words=title+249").json()
    assert suggested == [{"value": "n249", "label": "Title 249"}]
    assert 'data-suggest="/studies/night/items/suggestions"' in olivia.page("/studies/night")
