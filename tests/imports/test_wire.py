import json
from pathlib import Path

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


@pytest.mark.parametrize(
    ("fields", "condition"), [({"condition": "no pasting"}, "no pasting"), ({"condition": "another"}, None), ({}, None)]
)
def test_a_condition_is_kept_where_the_study_has_it(
    fields: dict[str, str],
    condition: str | None,
    sqlite_database_url: str,
    keyring: Keyring,
    clock: FakeClock,
    tmp_path: Path,
) -> None:
    file = tmp_path / "sessions.jsonl"
    file.write_text(json.dumps({"v": 1, "item": "A source.", "text": "", "events": [], **fields}))
    database = Database(sqlite_database_url)
    with database.writing() as db:
        definition = StudyDefinition(title="Compared", instructions="Summarise.", conditions=CONDITIONS)
        study = create_study(db, definition, None, clock())
        [session] = read_wire(file, clock())
        store_session(db, study, session, keyring, clock())
        assert db.scalars(select(WritingSession.condition)).all() == [condition]
    database.close()


@pytest.mark.parametrize(
    ("fields", "rules"),
    [({"page_rules": ["refuse_copy"]}, ["refuse_copy"]), ({"page_rules": []}, []), ({}, ["refuse_paste"])],
)
def test_the_rules_of_the_page_are_those_of_the_file_or_of_the_study(
    fields: dict[str, list[str]],
    rules: list[str],
    sqlite_database_url: str,
    keyring: Keyring,
    clock: FakeClock,
    tmp_path: Path,
) -> None:
    file = tmp_path / "sessions.jsonl"
    file.write_text(json.dumps({"v": 1, "item": "A source.", "text": "", "events": [], **fields}))
    database = Database(sqlite_database_url)
    with database.writing() as db:
        definition = StudyDefinition(title="Ruled", instructions="Summarise.", rules={"refuse_paste": 1.0})
        study = create_study(db, definition, None, clock())
        [session] = read_wire(file, clock())
        store_session(db, study, session, keyring, clock())
        assert db.scalars(select(WritingSession.page_rules)).all() == [rules]
    database.close()


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
