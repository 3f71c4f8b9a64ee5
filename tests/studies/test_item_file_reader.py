"""Large tables are read in a child process, and come back as if they had been read here."""

from collections.abc import Iterator

import pytest

from keytrail.child_process import HelperProcess
from keytrail.errors import ImportFailed
from keytrail.studies import item_file_reader
from keytrail.studies.item_file_reader import SMALL_BYTES, ItemFileReader, unpacked_bytes
from keytrail.studies.item_files import FileChoices, read_table
from tests.studies.test_item_files import workbook

WORDS = "Amber light at the end of the night. "


@pytest.fixture
def reader(sqlite_database_url: str) -> Iterator[ItemFileReader]:
    found = ItemFileReader(HelperProcess(sqlite_database_url, memory_mb=200, cpu_seconds=20))
    yield found
    found.close()


@pytest.fixture
def not_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading in the test's own process fails; a child process imports its own function."""

    def read(content: bytes, name: str, choices: FileChoices) -> None:
        raise AssertionError(name)

    monkeypatch.setattr(item_file_reader, "read_table", read)


def large(*headers: str) -> bytes:
    rows: list[list[object]] = [[f"i{number}", WORDS * 10] for number in range(4_000)]
    content = workbook([[*headers], *rows])
    assert len(content) < SMALL_BYTES < unpacked_bytes(content)  # its size on the disk says little
    return content


@pytest.mark.usefixtures("not_here")
def test_a_large_workbook_is_read_elsewhere(reader: ItemFileReader) -> None:
    content = large("id", "text")
    assert reader.read(content, "items.xlsx") == read_table(content, "items.xlsx")


@pytest.mark.usefixtures("not_here")
def test_what_is_wrong_with_it_is_said_as_here(reader: ItemFileReader) -> None:
    content = large("id", "text")
    choices = FileChoices(sheet="nothing")
    with pytest.raises(ImportFailed) as here:
        read_table(content, "items.xlsx", choices)
    with pytest.raises(ImportFailed) as there:
        reader.read(content, "items.xlsx", choices)
    assert (there.value.message, there.value.problems) == (here.value.message, here.value.problems)


@pytest.mark.usefixtures("not_here")
def test_a_table_beyond_the_limits_is_refused_with_what_to_do(sqlite_database_url: str) -> None:
    reader = ItemFileReader(HelperProcess(sqlite_database_url, memory_mb=1, cpu_seconds=20))
    try:
        with pytest.raises(ImportFailed, match=r"could not be read\. It.* Split it into several files"):
            reader.read(large("id", "text"), "items.xlsx")
    finally:
        reader.close()


def test_a_small_one_is_read_at_once(sqlite_database_url: str) -> None:
    reader = ItemFileReader(HelperProcess(sqlite_database_url, memory_mb=200, cpu_seconds=20))
    reader.close()  # no child could be started any more
    assert reader.read(b"id,text\na,Some text\n", "items.csv").rows == ((2, ("a", "Some text")),)
