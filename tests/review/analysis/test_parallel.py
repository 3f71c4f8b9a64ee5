"""Many submissions on several cores: whatever happens to one process, each is analysed once or its failure is noted."""

from collections.abc import Callable, Iterator
from threading import Barrier, get_ident
from typing import Any

import pytest
from sqlalchemy import select

from keytrail.child_process import HelperProcess, InProcessHelper
from keytrail.db import Database
from keytrail.keyring import Keyring
from keytrail.models import AnalysisFailure, StoredReport
from keytrail.platforms import Assignment
from keytrail.provenance import ANALYSIS_VERSION
from keytrail.review.analysis.analyst import AnalysisSteps
from keytrail.review.analysis.background import examined
from keytrail.review.analysis.bridge import store_report, waiting_for_analysis
from keytrail.review.analysis.parallel import ParallelAnalysis
from keytrail.sessions.lifecycle import open_epoch, open_session
from keytrail.sessions.submission import Answer, submit
from keytrail.studies import ItemRow, StudyDefinition, add_items, create_study
from tests.conftest import FakeClock
from tests.review.analysis.dying import KILLED_ONCE, KILLING, TOO_LARGE, examine

Submitted = Callable[[list[str]], list[int]]
DYING = AnalysisSteps(examine, store_report)


@pytest.fixture
def database(sqlite_database_url: str) -> Iterator[Database]:
    found = Database(sqlite_database_url)
    yield found
    found.close()


@pytest.fixture
def submitted(database: Database, keyring: Keyring, clock: FakeClock) -> Submitted:
    definition = StudyDefinition(title="T", slug="t", instructions="I", minimum_words=1, places_per_item=9)

    def submit_all(texts: list[str]) -> list[int]:
        with database.writing() as db:
            study = create_study(db, definition, None, clock())
            add_items(db, study, [ItemRow(key="a", text="A text")])
            made = []
            for number, text in enumerate(texts):
                who = Assignment(worker_id=f"W{number}", assignment_id=f"A{number}")
                session = open_session(db, study, who, keyring, clock())
                open_epoch(db, session, clock())
                made.append(submit(db, session.id, Answer(text), clock()).id)
        return made

    return submit_all


def processes(database: Database, wanted: int = 2) -> list[HelperProcess]:
    url = database.engine.url.render_as_string(hide_password=False)
    return [HelperProcess(url, memory_mb=512, cpu_seconds=30) for _ in range(wanted)]


def versions(database: Database) -> dict[int, str]:
    with database.reading() as db:
        reports = db.scalars(select(StoredReport)).all()
    return {report.submission_id: report.analysis_version for report in reports}


def reasons(database: Database) -> dict[int, str]:
    with database.reading() as db:
        return {failure.submission_id: failure.reason for failure in db.scalars(select(AnalysisFailure))}


def test_a_process_that_is_killed_loses_no_submission(
    database: Database, submitted: Submitted, clock: FakeClock
) -> None:
    ids = submitted(["one", KILLED_ONCE, "three", "four", "five"])
    results = list(ParallelAnalysis(database, processes(database), clock, DYING).run(ids))
    assert results == [True] * 5
    assert versions(database) == dict.fromkeys(ids, ANALYSIS_VERSION)
    assert reasons(database) == {}


def test_a_hostile_submission_costs_the_others_nothing(
    database: Database, submitted: Submitted, clock: FakeClock
) -> None:
    ids = submitted([TOO_LARGE, "two", KILLING, "four", "five"])
    results = list(ParallelAnalysis(database, processes(database), clock, DYING).run(ids))
    assert (results.count(True), results.count(False)) == (3, 2)
    assert versions(database) == dict.fromkeys([ids[1], *ids[3:]], ANALYSIS_VERSION)
    noted = reasons(database)
    assert set(noted) == {ids[0], ids[2]}
    assert "memory limit" in noted[ids[0]]
    assert "ended unexpectedly" in noted[ids[2]]


def test_two_are_examined_at_once_and_one_thread_writes(
    database: Database, submitted: Submitted, clock: FakeClock
) -> None:
    together, writers = Barrier(2), set()

    def examine_beside_another(at: Database, submission_id: int) -> Any:
        together.wait(30)  # breaks if no other examination is under way
        return examined(at, submission_id)

    def store(*given: Any) -> Any:
        writers.add(get_ident())
        return store_report(*given)

    ids = submitted(["one", "two", "three", "four"])
    helpers = [InProcessHelper(database), InProcessHelper(database)]
    steps = AnalysisSteps(examine_beside_another, store)
    assert list(ParallelAnalysis(database, helpers, clock, steps).run(ids)) == [True] * 4
    assert writers == {get_ident()}


def test_an_interruption_ends_the_processes_and_notes_no_failure(
    database: Database, submitted: Submitted, clock: FakeClock
) -> None:
    ids = submitted(["one", "two", "three", "four", "five", "six"])
    helpers = processes(database)
    running = ParallelAnalysis(database, helpers, clock).run(ids)
    assert next(running)
    running.close()
    assert reasons(database) == {}
    assert all(helper._child is None or not helper._child.process.is_alive() for helper in helpers)
    with database.reading() as db:
        left = waiting_for_analysis(db)
    assert len(left) == 5
    assert all(ParallelAnalysis(database, processes(database), clock).run(left))
    assert versions(database) == dict.fromkeys(ids, ANALYSIS_VERSION)
