from pathlib import Path

import pytest
from sqlalchemy import func, select

from keytrail.db import Database
from keytrail.errors import ImportFailed
from keytrail.models import Item
from keytrail.studies import ItemRow, StudyDefinition, add_items, create_study, read_items
from tests.conftest import FakeClock


def write(tmp_path: Path, name: str, content: str) -> Path:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    return path


def test_csv_and_json_lines_give_the_same_items(tmp_path: Path) -> None:
    csv = write(tmp_path, "a.csv", 'id,text,title\n1,"One, with\nbreak",First\n2,Two,\n')
    jsonl = write(
        tmp_path, "a.jsonl", '{"id": "1", "text": "One, with\\nbreak", "title": "First"}\n\n{"id": 2, "text": "Two"}\n'
    )
    expected = [ItemRow("1", "One, with\nbreak", "First"), ItemRow("2", "Two")]
    assert read_items(csv) == read_items(jsonl) == expected


@pytest.mark.parametrize(
    ("content", "problems"),
    [
        ('{"id": "1", "text": "One"}\nnope\n[]\n', ["line 2: not JSON", "line 3: not an object"]),
        (
            '{"id": "1", "text": "One"}\n{"id": "1", "text": "x"}\n\n{"id": "3"}\n',
            ["line 2: id '1' stands on line 1 already", "line 4: the text (column “text”) is empty"],
        ),
    ],
)
def test_every_bad_row_is_listed_with_its_line(tmp_path: Path, content: str, problems: list[str]) -> None:
    with pytest.raises(ImportFailed) as failed:
        read_items(write(tmp_path, "a.jsonl", content))
    assert len(failed.value.problems) == len(problems)
    for problem, expected in zip(failed.value.problems, problems, strict=True):
        assert problem.startswith(expected)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("first,second,third\n1,a,b\n", "The columns are: first, second, third"),
        ("id,text\n", "nothing below it"),
        ("id,text\n1,a,b\n", "has 3 cells and the header 2"),
        ("id,text\n1,\n", "the text (column “text”) is empty"),
        ('id,text\n1,"open\n', "line 2: a quotation mark begins a cell here and none ends it"),
        ('id,text\n1,"He said "yes" there"\n', "line 2: text follows a closing quotation mark"),
        (f'id,text\n1,"{"x" * 1_000_001}"\n', "line 2: a cell holds more than 1,000,000 characters"),
        ("id,text\n1,#REF!\n", "line 2: a formula shows an error"),
    ],
)
def test_a_bad_csv_says_what_is_wrong(tmp_path: Path, content: str, words: str) -> None:
    with pytest.raises(ImportFailed) as failed:
        read_items(write(tmp_path, "a.csv", content))
    assert words in failed.value.problems[0]


def test_an_id_that_is_there_already_stops_the_whole_import(database: Database, clock: FakeClock) -> None:
    with database.writing() as db:
        study = create_study(db, StudyDefinition(title="T", instructions="I"), None, clock())
        add_items(db, study, [ItemRow("1", "One")])
        with pytest.raises(ImportFailed, match="some ids"):
            add_items(db, study, [ItemRow("2", "Two"), ItemRow("1", "Again")])
        assert db.scalar(select(func.count()).select_from(Item)) == 1
