"""Background analyses, and what happens to those that fail."""

from collections.abc import Callable
from datetime import timedelta
from threading import Event, Thread
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from keytrail.child_process import HelperFailed, InProcessHelper
from keytrail.clock import utc_now
from keytrail.db import Database
from keytrail.keyring import Keyring
from keytrail.main import create_app
from keytrail.models import AnalysisFailure, StoredReport, Study, Submission
from keytrail.platforms import Assignment
from keytrail.review.analysis import analyst as analyst_module
from keytrail.review.analysis import background
from keytrail.review.analysis.analyst import Analyst
from keytrail.review.analysis.background import analyse_stored
from keytrail.review.analysis.bridge import examine, waiting_for_analysis
from keytrail.review.analysis.failures import begin_try
from keytrail.sessions.lifecycle import open_epoch, open_session
from keytrail.sessions.submission import Answer, submit
from keytrail.settings import Settings
from keytrail.studies import ItemRow, StudyDefinition, add_items, create_study
from tests.conftest import FakeClock
from tests.waiting import until


class Mortal(InProcessHelper):
    """A helper that fails on given submissions."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.deadly: set[int] = set()
        self.asked: list[int] = []

    def call(self, work: Callable[..., Any], *args: Any) -> Any:
        self.asked.append(args[0])
        if args[0] in self.deadly:
            raise HelperFailed("It exceeded the memory limit.")
        return super().call(work, *args)


@pytest.fixture
def submissions(database: Database, keyring: Keyring, clock: FakeClock) -> list[int]:
    """Two answers that nobody has looked at."""
    with database.writing() as db:
        study = create_study(db, StudyDefinition(title="T", slug="t", instructions="I", minimum_words=1), None, clock())
        add_items(db, study, [ItemRow(key="a", text="A text")])
        made = []
        for worker in ("V", "W"):
            session = open_session(db, study, Assignment(worker_id=worker, assignment_id=worker), keyring, clock())
            open_epoch(db, session, clock())
            made.append(submit(db, session.id, Answer("three short words"), clock()).id)
    return made


@pytest.fixture
def helper(database: Database) -> Mortal:
    return Mortal(database)


@pytest.fixture
def analyst(database: Database, helper: Mortal, clock: FakeClock) -> Analyst:
    return Analyst(database, helper, clock, at_once=True)


def reports(database: Database) -> int:
    with database.reading() as db:
        return db.scalars(select(func.count()).select_from(StoredReport)).one()


def failure(database: Database, submission_id: int) -> AnalysisFailure | None:
    with database.reading() as db:
        return db.get(AnalysisFailure, submission_id)


def test_recording_goes_on_while_a_log_is_read(
    database: Database, submissions: list[int], analyst: Analyst, monkeypatch: pytest.MonkeyPatch
) -> None:
    def examine_and_write(db: Session, submission: Submission) -> Any:
        with database.writing() as other:
            other.scalars(select(Study)).one().title = "Written meanwhile"
        return examine(db, submission)

    monkeypatch.setattr(background, "examine", examine_and_write)
    analyst.soon(submissions[0])
    assert reports(database) == 1
    with database.reading() as db:
        assert db.scalars(select(Study.title)).one() == "Written meanwhile"


def test_what_a_stopped_server_left_is_analysed_by_the_next(
    database: Database,
    database_url: str,
    submissions: list[int],
    clock: FakeClock,
    make_settings: Callable[..., Settings],
) -> None:
    with TestClient(create_app(make_settings(database_url=database_url), clock=clock)):
        until(lambda: reports(database) == len(submissions), "the reports")


def test_a_server_analyses_in_another_process(
    database: Database,
    database_url: str,
    submissions: list[int],
    clock: FakeClock,
    make_settings: Callable[..., Settings],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def not_here(*_: Any) -> Any:
        raise AssertionError("analysed in the server's own process")

    monkeypatch.setattr(background, "examine", not_here)
    settings = make_settings(database_url=database_url, analysis_memory_mb=300)
    with TestClient(create_app(settings, clock=clock)):
        until(lambda: reports(database) == len(submissions), "the reports")


def test_a_report_that_is_there_stays(
    database: Database, submissions: list[int], analyst: Analyst, clock: FakeClock
) -> None:
    analyst.soon(submissions[0])
    clock.advance(hours=1)
    analyst.catch_up()
    with database.reading() as db:
        first, second = db.scalars(select(StoredReport.analysed_at).order_by(StoredReport.submission_id))
    assert second > first


def test_a_report_of_an_earlier_version_stays_until_it_is_asked_for(
    database: Database, submissions: list[int], analyst: Analyst
) -> None:
    for submission_id in submissions:
        analyst.soon(submission_id)
    older = update(StoredReport).where(StoredReport.submission_id == submissions[0]).values(analysis_version="0")
    with database.writing() as db:
        db.execute(older)
    analyst.catch_up()
    with database.reading() as db:
        assert waiting_for_analysis(db) == submissions[:1]
        assert waiting_for_analysis(db, every=True) == submissions
    analyst.analyse(submissions[0])
    with database.reading() as db:
        assert waiting_for_analysis(db) == []


def test_a_stopping_server_leaves_the_rest(database: Database, submissions: list[int], analyst: Analyst) -> None:
    analyst.stop()
    analyst.catch_up()
    assert reports(database) == 0


def test_a_log_that_cannot_be_analysed_stops_no_other(
    database: Database,
    submissions: list[int],
    analyst: Analyst,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail_first(db: Session, submission: Submission) -> Any:
        if submission.id == submissions[0]:
            raise RuntimeError("a bug")
        return examine(db, submission)

    monkeypatch.setattr(background, "examine", fail_first)
    analyst.catch_up()
    assert reports(database) == 1
    assert f"submission {submissions[0]} could not be analysed" in caplog.text
    noted = failure(database, submissions[0])
    assert noted is not None
    assert "RuntimeError" in noted.reason


def test_an_analysis_that_died_is_tried_again_within_minutes_and_not_for_ever(
    database: Database, submissions: list[int], analyst: Analyst, helper: Mortal, clock: FakeClock
) -> None:
    helper.deadly = {submissions[0]}
    analyst.soon(submissions[0])
    analyst.soon(submissions[1])
    tried, waits = [], []
    for _ in range(60):
        noted = failure(database, submissions[0])
        assert noted is not None
        assert noted.reason == "It exceeded the memory limit."
        if noted.attempts not in tried:
            tried.append(noted.attempts)
            waits.append(None if noted.next_at is None else noted.next_at - clock())
        clock.advance(minutes=1)
        analyst.catch_up()
    assert tried == [1, 2, 3, 4]
    assert waits == [timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=15), None]
    assert helper.asked.count(submissions[0]) == 4
    assert reports(database) == 1


def test_a_server_that_dies_of_it_has_counted_the_try(
    database: Database, submissions: list[int], analyst: Analyst, helper: Mortal, clock: FakeClock
) -> None:
    for _ in range(6):  # each start of a server that is ended before it can note anything
        with database.writing() as db:
            begin_try(db, submissions[0], clock())
        clock.advance(hours=1)
    analyst.catch_up()
    assert helper.asked == submissions[1:]
    noted = failure(database, submissions[0])
    assert noted is not None
    assert (noted.attempts, noted.next_at) == (4, None)


def test_whoever_analyses_without_limits_leaves_alone_what_failed(
    database: Database, submissions: list[int], analyst: Analyst, helper: Mortal, clock: FakeClock
) -> None:
    helper.deadly = {submissions[0]}
    analyst.catch_up()
    assert analyse_stored(database, submissions[0], clock) is None
    assert analyse_stored(database, submissions[1], clock) is not None


def test_a_later_success_forgets_the_failure(
    database: Database, submissions: list[int], analyst: Analyst, helper: Mortal, clock: FakeClock
) -> None:
    helper.deadly = {submissions[0]}
    analyst.soon(submissions[0])
    helper.deadly = set()
    clock.advance(minutes=2)
    analyst.catch_up()
    assert failure(database, submissions[0]) is None
    assert reports(database) == 2


def test_a_submission_that_keeps_an_earlier_report_is_not_shown_as_failed(
    database: Database, submissions: list[int], analyst: Analyst, helper: Mortal
) -> None:
    analyst.catch_up()
    helper.deadly = {submissions[0]}
    assert analyst.analyse(submissions[0]) is None
    assert failure(database, submissions[0]) is None
    assert reports(database) == 2


def test_a_database_that_fails_once_does_not_end_it(
    database: Database,
    submissions: list[int],
    helper: Mortal,
    clock: FakeClock,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def locked(_db: Session) -> list[int]:
        raise OperationalError("SELECT", {}, Exception("database is locked"))

    monkeypatch.setattr(analyst_module, "never_tried", locked)
    analyst = Analyst(database, helper, clock, at_once=False)
    working = Thread(target=analyst.run)
    working.start()
    analyst.soon(submissions[0])
    try:
        until(lambda: reports(database) == 1, "the report")
    finally:
        analyst.stop()
        working.join()
    assert "it goes on" in caplog.text


class SlowHelper:
    """Work that is under way until it is let go, or ended."""

    def __init__(self) -> None:
        self.begun, self.go_on, self.ended = Event(), Event(), False

    def call(self, *_: object) -> None:
        self.begun.set()
        assert self.go_on.wait(30)

    def close(self) -> None:
        self.ended = True


def test_an_analysis_that_is_under_way_is_waited_for(database: Database, submissions: list[int]) -> None:
    helper = SlowHelper()
    analyst = Analyst(database, helper, utc_now, at_once=False)  # type: ignore[arg-type]  # does nothing
    running = Thread(daemon=True, target=analyst.run)
    running.start()
    analyst.soon(submissions[0])
    assert helper.begun.wait(30)
    stopping = Thread(daemon=True, target=analyst.stop, args=(30,))
    stopping.start()
    assert not helper.ended
    helper.go_on.set()
    stopping.join(30)
    running.join(30)
    assert (helper.ended, running.is_alive()) == (True, False)


def test_two_processes_share_the_work_and_do_nothing_twice(
    database: Database, submissions: list[int], clock: FakeClock
) -> None:
    """As two servers do: each has found both, and the one that comes second finds a lock, or a report."""
    first, second = (Mortal(database) for _ in range(2))
    analysts = [Analyst(database, helper, clock, at_once=False) for helper in (first, second)]
    analysts[1]._locks = analysts[0]._locks  # with SQLite there is one process
    threads = [Thread(target=each.run, args=(0.01,), daemon=True) for each in analysts]
    for thread in threads:
        thread.start()
    until(lambda: reports(database) == len(submissions), "the reports")
    for each in analysts:
        each.stop()
    for thread in threads:
        thread.join(30)
    assert sorted(first.asked + second.asked) == submissions


def test_a_server_without_background_work_leaves_it_to_others(
    database: Database, submissions: list[int], clock: FakeClock, helper: Mortal
) -> None:
    analyst = Analyst(database, helper, clock, at_once=False, elsewhere=True)
    analyst.soon(submissions[0])
    assert analyst._waiting.empty()
    assert helper.asked == []
