"""Unconfirmed work is stored, and counts against nobody."""

import pytest
from sqlalchemy.orm import Session

from keytrail.db import Database
from keytrail.errors import Conflict
from keytrail.keyring import Keyring
from keytrail.models import Item, PlatformTask, Study, Worker, WritingSession
from keytrail.platform_actions.assignments import PlatformStatus, record_platform_status
from keytrail.review.figures.worker_orders import WORKER_ORDERS
from keytrail.review.figures.workers import (
    findings_of_worker,
    list_workers,
    unconfirmed_of_worker,
    worker_figures,
)
from keytrail.sessions.confirmation import Confirmation, confirmation_of, require_confirmed
from keytrail.sessions.participation import NotEligible
from keytrail.sessions.submission import Answer, submit
from tests.conftest import FakeClock
from tests.sessions.conftest import Open


@pytest.fixture
def published(database: Database, study_id: int, clock: FakeClock) -> int:
    """The study with one HIT published from here: its marketplace can be asked."""
    with database.writing() as db:
        item = db.query(Item).first()
        assert item is not None
        known = {"status": "Assignable", "places": 1, "available": 1, "place_cents": 1}
        times = {"expires_at": clock(), "published_at": clock(), "synced_at": clock()}
        db.add(PlatformTask(study_id=study_id, item_id=item.id, external_id="HIT1", **known, **times))
    return study_id


def forge(db: Session, accept: Open, clock: FakeClock, number: int = 0) -> WritingSession:
    session = accept(db, "VICTIM", f"INVENTED{number}", clock())
    submission = submit(db, session.id, Answer("three short words"), clock())
    submission.verdict = "strong"
    return session


def test_unconfirmed_work_uses_none_of_the_workers_items_up(
    database: Database, published: int, clock: FakeClock, accept: Open, keyring: Keyring
) -> None:
    with database.writing() as db:
        study = db.get_one(Study, published)
        for number in range(3):
            forge(db, accept, clock, number)
        own = accept(db, "VICTIM", "OWN", clock())
        submit(db, own.id, Answer("three short words"), clock())
        record_platform_status(
            db, study, PlatformStatus("OWN", "Submitted", certain=True, worker_id="VICTIM"), keyring, clock()
        )
        others = {accept(db, "VICTIM", f"OWN{number}", clock()).item_id for number in range(2)}
        assert own.item_id not in others


def test_the_marketplaces_word_confirms_one_workers_session_under_an_id(
    database: Database, published: int, clock: FakeClock, accept: Open, keyring: Keyring
) -> None:
    with database.writing() as db:
        study = db.get_one(Study, published)
        sessions = [accept(db, worker, "SHARED", clock()) for worker in ("ADA", "BOB")]
        for session in sessions:
            submit(db, session.id, Answer("three short words"), clock())
        record_platform_status(db, study, PlatformStatus("SHARED", "Submitted", certain=True), keyring, clock())
        assert [confirmation_of(db, study, session) for session in sessions] == [Confirmation.UNCONFIRMED] * 2
        record_platform_status(
            db, study, PlatformStatus("SHARED", "Submitted", certain=True, worker_id="BOB"), keyring, clock()
        )
        assert [confirmation_of(db, study, session) for session in sessions] == [
            Confirmation.UNCONFIRMED,
            Confirmation.CONFIRMED,
        ]
        with pytest.raises(Conflict, match="anybody can write"):
            require_confirmed(db, study, sessions[0])
        require_confirmed(db, study, sessions[1])


def test_who_is_named_before_the_session_begins_is_confirmed_at_once(
    database: Database, published: int, clock: FakeClock, accept: Open, keyring: Keyring
) -> None:
    with database.writing() as db:
        study = db.get_one(Study, published)
        record_platform_status(db, study, PlatformStatus("A1", "ACTIVE", worker_id="ADA"), keyring, clock())
        assert accept(db, "ADA", "A1", clock()).confirmed_at == clock()
        assert accept(db, "EVE", "A1", clock()).confirmed_at is None


def test_an_id_that_went_on_to_another_worker_frees_only_its_holders_place(
    database: Database, published: int, clock: FakeClock, accept: Open, keyring: Keyring
) -> None:
    with database.writing() as db:
        study = db.get_one(Study, published)
        first, second = accept(db, "ADA", "A1", clock()), accept(db, "BOB", "A1", clock())
        record_platform_status(
            db, study, PlatformStatus("A1", "RETURNED", certain=True, worker_id="ADA"), keyring, clock()
        )
        assert (first.state, second.state) == ("returned", "open")
        record_platform_status(
            db, study, PlatformStatus("A1", "ACTIVE", certain=True, worker_id="BOB"), keyring, clock()
        )
        assert (first.confirmed_at, second.confirmed_at) == (clock(), clock())


def test_a_workers_figures_hold_nothing_unconfirmed(
    database: Database, published: int, clock: FakeClock, accept: Open
) -> None:
    with database.writing() as db:
        forge(db, accept, clock)
    with database.reading() as db:
        study, worker = db.get_one(Study, published), db.query(Worker).one()
        figures = worker_figures(db, study, worker.pseudonym)
        assert (figures.submitted, figures.flagged, figures.strong, figures.unconfirmed) == (0, 0, 0, 1)
        assert findings_of_worker(db, study, worker.id) == []
        assert len(unconfirmed_of_worker(db, study, worker.id)) == 1
        for order in WORKER_ORDERS:
            ((listed,), _) = list_workers(db, study, order, 10)
            assert (listed.submitted, listed.flagged, listed.unconfirmed) == (0, 0, 1)


def test_where_nothing_can_be_asked_ids_are_taken_as_they_come(
    database: Database, study_id: int, clock: FakeClock, accept: Open
) -> None:
    with database.writing() as db:
        study = db.get_one(Study, study_id)
        for number in range(3):
            session = forge(db, accept, clock, number)
            assert confirmation_of(db, study, session) == Confirmation.UNCONFIRMABLE
        with pytest.raises(NotEligible):
            accept(db, "VICTIM", "MORE", clock())
        worker = db.query(Worker).one()
        assert worker_figures(db, study, worker.pseudonym).strong == 3
