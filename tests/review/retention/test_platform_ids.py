"""The platform's ids go once nothing is left to decide or to pay, and nothing else goes."""

from collections.abc import Callable
from datetime import timedelta
from threading import Event as Signal

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from keytrail.db import Database
from keytrail.keyring import Keyring
from keytrail.models import (
    ActionKind,
    ActionState,
    AssignmentIdentity,
    Decision,
    DecisionKind,
    PlatformAction,
    Study,
    Submission,
    User,
    Worker,
    WorkerIdentity,
)
from keytrail.platforms import Assignment
from keytrail.review.retention.maintenance import forget_old_ids
from keytrail.review.retention.platform_ids import forget_platform_ids, workers_to_forget
from keytrail.sessions.lifecycle import open_epoch, open_session
from keytrail.sessions.submission import Answer, submit
from keytrail.studies import ItemRow, StudyDefinition, add_items, create_study
from tests.conftest import FakeClock

PERSON = "PLATFORM-ID-OF-ANNA"
Change = Callable[[Session, Submission, FakeClock], None]


@pytest.fixture
def paid(database: Database, keyring: Keyring, clock: FakeClock) -> Database:
    """One text, accepted and paid."""
    with database.writing() as db:
        user = User(email="r@example.org", name="Rafael", password_hash="!", created_at=clock())
        study = create_study(db, StudyDefinition(title="T", slug="t", instructions="I", minimum_words=1), None, clock())
        add_items(db, study, [ItemRow(key="a", text="A text")])
        db.add(user)
        session = open_session(db, study, Assignment(worker_id=PERSON, assignment_id="ASSIGNMENT"), keyring, clock())
        open_epoch(db, session, clock())
        submission = submit(db, session.id, Answer("anna wrote this", epoch_number=0, events=0), clock())
        submission.settled, submission.decision = True, DecisionKind.ACCEPT
        db.flush()
        kind = DecisionKind.ACCEPT
        db.add(Decision(submission_id=submission.id, user_id=user.id, kind=kind, reason="", decided_at=clock()))
        db.add(action(db, submission, clock, ActionState.SENT))
    return database


def action(db: Session, submission: Submission, clock: FakeClock, state: ActionState) -> PlatformAction:
    return PlatformAction(
        study_id=submission.study_id,
        kind=ActionKind.APPROVE,
        state=state,
        token=f"token {state}",
        submission_id=submission.id,
        worker_id=submission.worker_id,
        amount_cents=50,
        currency="USD",
        parameters={"assignment_id": "ASSIGNMENT"},
        external_ref=PERSON,
        queued_at=clock(),
        ended_at=clock() if state == ActionState.SENT else None,
    )


def old(database: Database, clock: FakeClock, study: int | None = None) -> int:
    with database.reading() as db:
        return len(workers_to_forget(db, clock(), 30, study))


def test_only_the_ids_go_and_the_worker_is_still_the_same(paid: Database, keyring: Keyring, clock: FakeClock) -> None:
    clock.advance(days=29)
    assert old(paid, clock) == 0
    clock.advance(days=2)
    with paid.reading() as db:
        study_id = db.scalars(select(Study.id)).one()
    assert (old(paid, clock), old(paid, clock, study_id), old(paid, clock, study_id + 1)) == (1, 1, 0)
    forget_old_ids(paid, clock, 30, Signal())
    assert old(paid, clock) == 0
    with paid.writing() as db:
        for table in (WorkerIdentity, AssignmentIdentity):
            assert db.scalar(select(func.count()).select_from(table)) == 0
        done = db.scalars(select(PlatformAction)).one()
        assert (done.parameters, done.external_ref, done.amount_cents) == ({}, "", 50)
        assert db.scalars(select(Submission.text)).one() == "anna wrote this"
        study = db.scalars(select(Study)).one()
        add_items(db, study, [ItemRow(key="b", text="Another text")])
        again = open_session(db, study, Assignment(worker_id=PERSON, assignment_id="SECOND"), keyring, clock())
        assert db.scalars(select(Worker.id)).all() == [again.worker_id]


def undecided(_db: Session, submission: Submission, _clock: FakeClock) -> None:
    submission.settled = False


def objected(_db: Session, submission: Submission, _clock: FakeClock) -> None:
    submission.objected = True


def not_paid(db: Session, submission: Submission, clock: FakeClock) -> None:
    db.add(action(db, submission, clock, ActionState.FAILED))


def decided_lately(db: Session, _submission: Submission, clock: FakeClock) -> None:
    db.scalars(select(Decision)).one().decided_at = clock() + timedelta(days=20)


def paid_lately(db: Session, _submission: Submission, clock: FakeClock) -> None:
    db.scalars(select(PlatformAction)).one().ended_at = clock() + timedelta(days=20)


@pytest.mark.parametrize("change", [undecided, objected, not_paid, decided_lately, paid_lately])
def test_ids_stay_while_they_may_be_needed(paid: Database, clock: FakeClock, change: Change) -> None:
    with paid.writing() as db:
        change(db, db.scalars(select(Submission)).one(), clock)
    clock.advance(days=31)
    assert old(paid, clock) == 0


def test_a_worker_of_an_open_session_is_kept(paid: Database, keyring: Keyring, clock: FakeClock) -> None:
    clock.advance(days=31)
    with paid.writing() as db:
        study = db.scalars(select(Study)).one()
        add_items(db, study, [ItemRow(key="b", text="Another text")])
        open_session(db, study, Assignment(worker_id=PERSON, assignment_id="SECOND"), keyring, clock())
    assert old(paid, clock) == 0


def test_forgetting_one_leaves_the_ids_of_others(paid: Database, keyring: Keyring, clock: FakeClock) -> None:
    with paid.writing() as db:
        study = db.scalars(select(Study)).one()
        open_session(db, study, Assignment(worker_id="BERT", assignment_id="HIS"), keyring, clock())
        forget_platform_ids(
            db, db.scalars(select(WorkerIdentity.worker_id).order_by(WorkerIdentity.worker_id)).all()[0]
        )
    with paid.reading() as db:
        assert db.scalars(select(WorkerIdentity.platform_worker_id)).all() == ["BERT"]
        assert db.scalars(select(AssignmentIdentity.assignment_id)).all() == ["HIS"]
