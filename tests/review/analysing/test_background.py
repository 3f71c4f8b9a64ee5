"""Analyses that nobody waits for."""

import logging
from collections.abc import Callable
from threading import Event
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from keytrail.db import Database
from keytrail.keyring import Keyring
from keytrail.main import create_app
from keytrail.models import StoredReport, Study, Submission
from keytrail.platforms import Assignment
from keytrail.review.analysing import background
from keytrail.review.analysing.analysis import examine, waiting_for_analysis
from keytrail.review.analysing.background import analyse_in_background, catch_up
from keytrail.sessions.opening import open_epoch, open_session
from keytrail.sessions.submitting import Answer, submit
from keytrail.settings import Settings
from keytrail.studies import ItemRow, StudyDefinition, add_items, create_study
from tests.conftest import FakeClock
from tests.waiting import until


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


def reports(database: Database) -> int:
    with database.reading() as db:
        return db.scalars(select(func.count()).select_from(StoredReport)).one()


def test_recording_goes_on_while_a_log_is_read(
    database: Database, submissions: list[int], clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def examine_and_write(db: Session, submission: Submission) -> Any:
        with database.writing() as other:
            other.scalars(select(Study)).one().title = "Written meanwhile"
        return examine(db, submission)

    monkeypatch.setattr(background, "examine", examine_and_write)
    analyse_in_background(database, submissions[0], clock)
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


def test_a_report_that_is_there_stays(database: Database, submissions: list[int], clock: FakeClock) -> None:
    analyse_in_background(database, submissions[0], clock)
    clock.advance(hours=1)
    catch_up(database, clock, Event())
    with database.reading() as db:
        first, second = db.scalars(select(StoredReport.analysed_at).order_by(StoredReport.submission_id))
    assert second > first


def test_a_report_of_an_earlier_version_stays_until_it_is_asked_for(
    database: Database, submissions: list[int], clock: FakeClock
) -> None:
    for submission_id in submissions:
        analyse_in_background(database, submission_id, clock)
    older = update(StoredReport).where(StoredReport.submission_id == submissions[0]).values(analysis_version="0")
    with database.writing() as db:
        db.execute(older)
    catch_up(database, clock, Event())
    with database.reading() as db:
        assert waiting_for_analysis(db) == submissions[:1]
        assert waiting_for_analysis(db, every=True) == submissions
    analyse_in_background(database, submissions[0], clock)
    with database.reading() as db:
        assert waiting_for_analysis(db) == []


def test_a_stopping_server_leaves_the_rest(database: Database, submissions: list[int], clock: FakeClock) -> None:
    stopping = Event()
    stopping.set()
    catch_up(database, clock, stopping)
    assert reports(database) == 0


def test_a_log_that_cannot_be_analysed_stops_no_other(
    database: Database,
    submissions: list[int],
    clock: FakeClock,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail_first(db: Session, submission: Submission) -> Any:
        if submission.id == submissions[0]:
            raise RuntimeError("a bug")
        return examine(db, submission)

    monkeypatch.setattr(background, "examine", fail_first)
    with caplog.at_level(logging.ERROR):
        catch_up(database, clock, Event())
    assert reports(database) == 1
    assert f"submission {submissions[0]} could not be analysed" in caplog.text
