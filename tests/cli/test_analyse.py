"""`keytrail analyse` with several processes, and its continuation after an interruption."""

import json
from collections.abc import Generator, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from typer.testing import CliRunner, Result

from keytrail.child_process import usable_cores
from keytrail.cli import analysis, app
from keytrail.db import Database
from keytrail.models import StoredReport
from keytrail.provenance import ANALYSIS_VERSION
from keytrail.review.analysis import parallel

SESSIONS = 5


def keytrail(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments), env={"KEYTRAIL_DATA_DIR": "data"})


@pytest.fixture(autouse=True)
def _imported(tmp_path: Path) -> None:
    events = [[0, "i", "empty", 0, 2166136261], [900, "k", "KeyA", "a", 0], [1, "e", 0, 0, "a", "insertText", 2]]
    line = {"v": 1, "item": "Source.", "text": "a", "events": events}
    lines = [json.dumps(line | {"session": f"s{number}"}) for number in range(SESSIONS)]
    (tmp_path / "five.jsonl").write_text("\n".join(lines))
    assert keytrail("import", "wire", "five.jsonl").exit_code == 0


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    found = Database(f"sqlite:///{tmp_path / 'data' / 'keytrail.sqlite3'}")
    yield found
    found.close()


def analysed_at(database: Database) -> dict[int, datetime]:
    """By submission; every report is of this version."""
    with database.reading() as db:
        reports = db.scalars(select(StoredReport)).all()
    assert {report.analysis_version for report in reports} == {ANALYSIS_VERSION}
    return {report.submission_id: report.analysed_at for report in reports}


def test_two_processes_make_a_new_report_of_each(database: Database) -> None:
    with database.writing() as db:
        db.execute(update(StoredReport).where(StoredReport.submission_id <= 2).values(analysis_version="0"))
    done = keytrail("analyse", "--processes", "2")
    assert "Analysed 2 submissions." in done.output, done.output
    before = analysed_at(database)
    done = keytrail("analyse", "--all", "--processes", "2")
    assert f"Analysed {SESSIONS} submissions." in done.output, done.output
    after = analysed_at(database)
    assert after.keys() == before.keys()
    assert all(after[submission_id] > at for submission_id, at in before.items())


def test_a_run_over_all_that_was_interrupted_continues(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(results: Iterable[bool], **_: Any) -> Iterator[bool]:
        for number, result in enumerate(results):
            if number == 2:
                raise KeyboardInterrupt
            yield result

    before = analysed_at(database)
    with monkeypatch.context() as patched:
        patched.setattr(analysis, "track", interrupted)
        assert keytrail("analyse", "--all", "--processes", "2").exit_code != 0
    half = analysed_at(database)
    done_by_then = {submission_id for submission_id in half if half[submission_id] > before[submission_id]}
    assert 2 <= len(done_by_then) < SESSIONS
    again = keytrail("analyse", "--all", "--processes", "2")
    assert f": {len(done_by_then)} of 5 submissions done." in again.output
    assert f"Analysed {SESSIONS - len(done_by_then)} submission" in again.output
    after = analysed_at(database)
    assert all(after[submission_id] > at for submission_id, at in before.items())
    assert {submission_id for submission_id in after if after[submission_id] == half[submission_id]} == done_by_then
    assert f"Analysed {SESSIONS} submissions." in keytrail("analyse", "--all").output, "the run was over"


def test_an_interrupted_run_can_be_begun_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(results: Iterator[bool], **_: Any) -> Iterator[bool]:
        yield next(results)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(analysis, "track", interrupted)
        assert keytrail("analyse", "--all", "--processes", "1").exit_code != 0
    assert f"Analysed {SESSIONS} submissions." in keytrail("analyse", "--all", "--restart").output


@pytest.mark.parametrize(("memory", "helpers"), [("512", min(usable_cores(), SESSIONS)), ("0", 1)])
def test_by_default_there_is_a_process_for_each_core(
    memory: str, helpers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    used: list[int] = []

    class Counted(parallel.ParallelAnalysis):
        def __init__(self, database: Database, helpers: Any, *rest: Any) -> None:
            used.append(len(helpers))
            super().__init__(database, helpers, *rest)

        def run(self, submission_ids: Iterable[int]) -> Generator[bool, None, None]:
            return (True for _ in submission_ids)

    monkeypatch.setattr(parallel, "ParallelAnalysis", Counted)
    monkeypatch.setenv("KEYTRAIL_ANALYSIS_MEMORY_MB", memory)
    assert keytrail("analyse", "--all").exit_code == 0
    assert used == [helpers]
