from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from keytrail.db import Database
from keytrail.models import Submission
from keytrail.review.analysis import analyst as analyst_module
from keytrail.review.analysis import background
from keytrail.review.analysis.analyst import Analyst
from keytrail.review.analysis.background import analyse_stored
from keytrail.review.analysis.bridge import examine
from keytrail.review.analysis.failures import begin_try
from tests.conftest import FakeClock
from tests.review.analysis.analysts import Mortal, analyst, failure, helper, reports, submissions
from tests.waiting import until

__all__ = ["analyst", "helper", "submissions"]


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
