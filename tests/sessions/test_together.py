"""Two concurrent requests. SQLite serialises writers; PostgreSQL needs locks."""

from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from sqlalchemy.orm import Session

from keytrail.db import Database
from keytrail.errors import DomainError
from keytrail.models import ModelUse, SelfReport, Submission, WritingSession
from keytrail.sessions.lifecycle import open_epoch
from keytrail.sessions.self_reports import record_self_report
from keytrail.sessions.submission import Answer, submit
from tests.conftest import FakeClock
from tests.postgres import waits
from tests.sessions.conftest import Open
from tests.waiting import until


@pytest.fixture
def postgres(database: Database) -> Database:
    if database.engine.dialect.name != "postgresql":
        pytest.skip("of PostgreSQL only")
    return database


def opened(database: Database, accept: Open, worker: str, assignment: str, clock: FakeClock) -> int:
    with database.writing() as db:
        return accept(db, worker, assignment, clock()).id


def test_the_same_assignment_in_two_tabs_is_one_session(postgres: Database, accept: Open, clock: FakeClock) -> None:
    with ThreadPoolExecutor(1) as pool:
        with postgres.writing() as db:
            first = accept(db, "W", "A", clock()).id
            second = pool.submit(opened, postgres, accept, "W", "A", clock)
            until(lambda: waits(postgres), "the second visit to wait")
        assert second.result(60) == first


def test_two_page_loads_at_once_have_numbers_of_their_own(postgres: Database, accept: Open, clock: FakeClock) -> None:
    session_id = opened(postgres, accept, "W", "A", clock)

    def load() -> int:
        with postgres.writing() as db:
            return open_epoch(db, db.get_one(WritingSession, session_id), clock()).number

    with ThreadPoolExecutor(1) as pool:
        with postgres.writing() as db:
            first = open_epoch(db, db.get_one(WritingSession, session_id), clock()).number
            second = pool.submit(load)
            until(lambda: waits(postgres), "the second page load to wait")
        assert (first, second.result(60)) == (0, 1)


def test_the_last_place_is_given_once(postgres: Database, accept: Open, clock: FakeClock) -> None:
    for number in range(5):  # of six places
        opened(postgres, accept, f"W{number}", f"A{number}", clock)
    with ThreadPoolExecutor(1) as pool:
        with postgres.writing() as db:
            accept(db, "X", "B", clock())
            late: Future[int] = pool.submit(opened, postgres, accept, "Y", "C", clock)
            until(lambda: waits(postgres), "the second worker to wait")
        with pytest.raises(DomainError) as refused:
            late.result(60)
    assert refused.value.error_code == "nothing_left"


def test_of_two_answers_about_models_the_last_counts(postgres: Database, accept: Open, clock: FakeClock) -> None:
    with postgres.writing() as db:
        number = submit(db, accept(db, "W", "A", clock()).id, Answer("three short words"), clock()).id

    def answer(db: Session, answered: ModelUse) -> None:
        record_self_report(db, db.get_one(Submission, number), answered, clock())
        db.flush()

    def answer_late() -> None:
        with postgres.writing() as db:
            answer(db, ModelUse.PARTLY)

    with ThreadPoolExecutor(1) as pool:
        with postgres.writing() as db:
            answer(db, ModelUse.NO)
            late = pool.submit(answer_late)
            until(lambda: waits(postgres), "the second answer to wait")
        late.result(60)
    with postgres.reading() as db:
        assert db.get_one(SelfReport, number).model_use == ModelUse.PARTLY
