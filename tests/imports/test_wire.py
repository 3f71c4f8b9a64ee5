import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from keytrail.db import Database
from keytrail.errors import ImportFailed
from keytrail.imports.storing import store_session
from keytrail.imports.wire import read_wire
from keytrail.keyring import Keyring
from keytrail.models import WritingSession
from keytrail.studies import StudyDefinition, create_study
from keytrail.studies.conditions import Condition, Measure
from tests.conftest import FakeClock

CONDITIONS = [Condition(name="plain"), Condition(name="no pasting", measures=frozenset({Measure.REFUSE_PASTE}))]


Stored = Callable[..., tuple[str | None, list[str]]]


@pytest.fixture
def stored(sqlite_database_url: str, keyring: Keyring, clock: FakeClock, tmp_path: Path) -> Iterator[Stored]:
    """Import one session with these fields into a study; the condition and rules of the page that are stored."""
    database = Database(sqlite_database_url)

    def store(fields: dict[str, Any], **study: Any) -> tuple[str | None, list[str]]:
        file = tmp_path / "sessions.jsonl"
        file.write_text(json.dumps({"v": 1, "item": "A source.", "text": "", "events": [], **fields}))
        with database.writing() as db:
            definition = StudyDefinition(title="Compared", instructions="Summarise.", **study)
            made = create_study(db, definition, None, clock())
            [session] = read_wire(file, clock())
            store_session(db, made, session, keyring, clock())
            found = db.scalars(select(WritingSession)).one()
            return found.condition, found.page_rules

    yield store
    database.close()


@pytest.mark.parametrize(
    ("fields", "condition"), [({"condition": "no pasting"}, "no pasting"), ({"condition": "another"}, None), ({}, None)]
)
def test_a_condition_is_kept_where_the_study_has_it(
    fields: dict[str, str], condition: str | None, stored: Stored
) -> None:
    assert stored(fields, conditions=CONDITIONS)[0] == condition


@pytest.mark.parametrize(
    ("fields", "rules"),
    [({"page_rules": ["refuse_copy"]}, ["refuse_copy"]), ({"page_rules": []}, []), ({}, ["refuse_paste"])],
)
def test_the_rules_of_the_page_are_those_of_the_file_or_of_the_study(
    fields: dict[str, list[str]], rules: list[str], stored: Stored
) -> None:
    assert stored(fields, rules={"refuse_paste": 1.0})[1] == rules


def test_rules_that_no_page_has_are_refused(clock: FakeClock, tmp_path: Path) -> None:
    file = tmp_path / "sessions.jsonl"
    line = {"v": 1, "item": "A source.", "text": "", "events": [], "page_rules": ["refuse_thinking"]}
    file.write_text(json.dumps(line))
    with pytest.raises(ImportFailed):
        read_wire(file, clock())


def test_a_masked_log_is_not_analysed_as_if_it_were_whole(clock: FakeClock, tmp_path: Path) -> None:
    file = tmp_path / "sessions.jsonl"
    line = {"v": 1, "item": "A source.", "text": "", "events": []}
    file.write_text("".join(json.dumps(line | {"masked": masked}) + "\n" for masked in (False, True)))
    with pytest.raises(ImportFailed) as refused:
        read_wire(file, clock())
    [problem] = refused.value.problems
    assert problem.startswith("line 2: ")
    assert "was masked" in problem
