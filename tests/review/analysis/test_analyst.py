"""Background analyses, and what happens to those that fail."""

from collections.abc import Callable
from threading import Event, Thread
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from keytrail.clock import utc_now
from keytrail.db import Database
from keytrail.main import create_app
from keytrail.models import StoredReport, Study, Submission
from keytrail.review.analysis import background
from keytrail.review.analysis.analyst import Analyst
from keytrail.review.analysis.bridge import examine, waiting_for_analysis
from keytrail.settings import Settings
from tests.conftest import FakeClock
from tests.review.analysis.analysts import Mortal, analyst, helper, reports, submissions
from tests.waiting import until

__all__ = ["analyst", "helper", "submissions"]


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
    assert analyst._handed_over.empty()
    assert helper.asked == []
