"""Files that are small to send and large, or long, to read."""

import io
import os
import zipfile
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import pytest
from openpyxl import Workbook

from keytrail.child_process import HelperProcess
from keytrail.errors import ImportFailed, Unavailable
from keytrail.studies.item_files import FileChoices, read_table
from keytrail.web import uploads
from keytrail.web.uploads import UploadReader
from tests.requester.site import ORIGIN, Site

_Result = TypeVar("_Result")

FORM = {"origin": ORIGIN, "sec-fetch-site": "same-origin"}


@pytest.fixture
def reader(sqlite_database_url: str) -> Iterator[UploadReader]:
    found = UploadReader(HelperProcess(sqlite_database_url, memory_mb=150, cpu_seconds=3))
    yield found
    found.close()


def usual() -> bytes:
    book = Workbook()
    book.active.append(["id", "text"])
    book.active.append(["d", "Some text"])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def changed(part: str, change: Callable[[str], str]) -> bytes:
    """The usual workbook with one part of the archive changed."""
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(usual())) as old, zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = old.read(name).decode()
            new.writestr(name, change(text) if name == part else text)
    return content.getvalue()


def many_sheets(number: int) -> bytes:
    """A workbook whose sheets are all the same file, in which the row after the header is the 100,000th."""

    def sheets(text: str) -> str:
        start, _, rest = text.partition("<sheet ")
        _, _, end = rest.partition("/>")
        sheet = '<sheet xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
        one = sheet + 'name="S%d" sheetId="%d" r:id="rId1"/>'
        return start + "".join(one % (n, n) for n in range(1, number + 1)) + end

    far = changed(
        "xl/worksheets/sheet1.xml", lambda text: text.replace('r="2"', 'r="100000"').replace("B2", "GR100000")
    )
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(far)) as old, zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = old.read(name).decode()
            new.writestr(name, sheets(text) if name == "xl/workbook.xml" else text)
    return content.getvalue()


def of_entities() -> bytes:
    """A workbook with a text of 400 MB: a kilobyte that is repeated."""

    def declared(text: str) -> str:
        padding = f"<!--{'x' * 5_000_000}-->"  # a parser's own limit is a factor of a hundred
        kinds = f'<!DOCTYPE worksheet [<!ENTITY a "{"A" * 1000}">]>'
        return kinds + padding + text.replace("Some text", "&a;" * 400_000)

    return changed("xl/worksheets/sheet1.xml", declared)


def own_process(_content: bytes, _name: str) -> int:
    return os.getpid()


def test_a_usual_workbook_is_read_elsewhere_and_comes_back_whole(reader: UploadReader) -> None:
    assert reader.read(own_process, usual(), "items.xlsx") != os.getpid()
    assert reader.read(read_table, usual(), "items.xlsx") == read_table(usual(), "items.xlsx")


def test_what_is_wrong_with_a_file_comes_back_in_words(reader: UploadReader) -> None:
    with pytest.raises(ImportFailed, match="has no sheet 'Other'") as refused:
        reader.read(read_table, usual(), "items.xlsx", FileChoices(sheet="Other"))
    assert refused.value.problems == ["Its sheets are: Sheet."]


@pytest.mark.parametrize("content", [many_sheets(1000), of_entities()], ids=["hours of work", "hundreds of megabytes"])
def test_a_small_file_that_is_much_to_read_is_refused_and_the_next_one_read(
    reader: UploadReader, content: bytes
) -> None:
    assert len(content) < 40_000
    # A parser that gets no memory calls the file damaged.
    with pytest.raises(ImportFailed, match=r"takes too much time or memory to read|cannot be read as an Excel"):
        reader.read(read_table, content, "items.xlsx")
    assert reader.read(read_table, usual(), "items.xlsx").rows


def test_others_are_told_to_wait_while_a_file_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "_PATIENCE_S", 0.01)
    told: list[str] = []

    class Busy:
        """A child that reads a file while somebody else sends another one."""

        def call(self, work: Callable[..., _Result], *args: Any) -> _Result:
            with pytest.raises(Unavailable) as wait:
                busy.read(own_process, usual(), "items.xlsx")
            told.append(wait.value.message)
            return work(None, *args)

        def close(self) -> None: ...

    busy = UploadReader(Busy())
    assert busy.read(own_process, usual(), "items.xlsx") == os.getpid()
    assert "another file" in told[0]


def test_every_page_that_takes_a_file_reads_it_within_the_limits(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    olivia = site.visitor("olivia").client
    sent = olivia.post("/studies/night/items", files={"file": ("a.xlsx", usual())}, headers=FORM)
    assert sent.status_code == 303

    def refuse(*_file: Any) -> None:
        raise ImportFailed("The limits were exceeded.", ["Send less."])

    monkeypatch.setattr(UploadReader, "read", refuse)
    files = {"file": ("a.xlsx", usual())}
    answers = [
        olivia.post(f"/studies/night/{page}", files=files, headers=FORM)
        for page in ("items", "payments/done-list", "classifier/references")
    ]
    answers += [olivia.get(sent.headers["location"]), olivia.post(sent.headers["location"], headers=FORM)]
    assert [answer.status_code for answer in answers] == [400] * 5
    assert all("The limits were exceeded." in answer.text for answer in answers)
