"""Erasing a person removes everything about them."""

import warnings
from datetime import datetime

import pytest
from sqlalchemy import MetaData, func, select, text
from sqlalchemy.exc import SAWarning
from sqlalchemy.orm import Session

from keytrail.db import Database
from keytrail.errors import Conflict
from keytrail.keyring import Keyring
from keytrail.models import (
    ActionKind,
    ActionState,
    AuditEntry,
    ModelUse,
    Objection,
    PlatformAction,
    SelfReport,
    StatedOrigin,
    Study,
    Submission,
    Worker,
    WorkerIdentity,
    WorkerStatement,
)
from keytrail.platforms import Assignment
from keytrail.review.analysis.bridge import analyse_submission, load_for_analysis
from keytrail.review.retention.erasure import Stored, erase_worker, find_worker, stored_of
from keytrail.sessions.copying_exercise import record_exercise
from keytrail.sessions.eventlog import Append, Batch, Chain, append_batch
from keytrail.sessions.lifecycle import open_epoch, open_session
from keytrail.sessions.self_reports import record_self_report
from keytrail.sessions.submission import Answer, submit
from keytrail.studies import ItemRow, StudyDefinition, add_items, create_study
from tests.conftest import FakeClock

PERSON, OTHER = "PLATFORM-ID-OF-ANNA", "PLATFORM-ID-OF-BERT"
EVENTS = [[0, "E", {"v": "1"}], [9, "e", 0, 0, "anna wrote this", "insertText", 2]]


@pytest.fixture
def filled(database: Database, keyring: Keyring, clock: FakeClock) -> Database:
    """Two people in two studies, each with an analysed text, an answer about models and a payment that was sent."""
    with database.writing() as db:
        for slug in ("one", "two"):
            definition = StudyDefinition(title="T", slug=slug, instructions="I", minimum_words=1)
            study = create_study(db, definition, None, clock())
            add_items(db, study, [ItemRow(key="a", text="A text")])
            for name in (PERSON, OTHER):
                _answer(db, study, name, keyring, clock())
    return database


def _answer(db: Session, study: Study, name: str, keyring: Keyring, now: datetime) -> None:
    assignment = Assignment(worker_id=name, assignment_id=f"ASSIGNMENT-{name}-{study.slug}")
    session = open_session(db, study, assignment, keyring, now)
    open_epoch(db, session, now)
    append_batch(db, Append(session.id, 0, Batch.from_events(0, EVENTS), now), Chain(keyring))
    submission = submit(db, session.id, Answer("anna wrote this", epoch_number=0, events=2), now)
    loaded = load_for_analysis(db, submission.id)
    assert loaded is not None
    analyse_submission(db, loaded, now)
    record_self_report(db, submission, ModelUse.PARTLY, now)
    record_exercise(db, session, {"keys": 140, "hold_median_ms": 91}, now)
    db.add(WorkerStatement(submission_id=submission.id, text_origins=[StatedOrigin.NOTES], input_aids=True))
    answered = {"answer": f"Thank you, {name}", "answered_at": now} if study.slug == "one" else {}
    db.add(Objection(submission_id=submission.id, words=f"{name} wrote it", made_at=now, **answered))
    db.add(
        PlatformAction(
            study_id=study.id,
            kind=ActionKind.BONUS,
            state=ActionState.SENT,
            token=f"{name} {study.slug}",
            submission_id=submission.id,
            worker_id=session.worker_id,
            amount_cents=50,
            currency="USD",
            reason="Thank you, Anna",
            parameters={"assignment_id": assignment.assignment_id},
            outcome=f"paid {name}",
            external_ref=name,
            queued_at=now,
        )
    )


def records(database: Database, name: str, keyring: Keyring) -> list[int]:
    with database.reading() as db:
        return find_worker(db, name, keyring)


def everything(database: Database) -> str:
    """All that is stored, in one string."""
    tables = MetaData()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Skipped unsupported reflection of expression-based index", SAWarning)
        tables.reflect(database.engine)
    with database.reading() as db:
        return "\n".join(str(row) for table in tables.sorted_tables for row in db.execute(select(table)))


def test_all_of_a_person_goes_and_nothing_of_others(filled: Database, keyring: Keyring, clock: FakeClock) -> None:
    of_other = records(filled, OTHER, keyring)
    with filled.reading() as db:
        before = stored_of(db, of_other)
    with filled.writing() as db:
        gone = erase_worker(db, find_worker(db, PERSON, keyring), clock())
    counts = {"self_reports": 2, "copying_exercises": 2, "statements": 2, "objections": 2, "answers_to_objections": 1}
    assert gone == Stored(2, 2, 2, 2, 4, submissions=2, **counts, decisions=0, exclusions=0, payments=2)
    assert "       1  answers to objections" in gone.in_words()
    assert records(filled, PERSON, keyring) == []
    with filled.reading() as db:
        assert stored_of(db, of_other) == before
        assert db.scalars(select(func.count()).select_from(Submission)).one() == 2
        for table in (SelfReport, WorkerStatement, Objection):
            assert db.scalars(select(func.count()).select_from(table)).one() == 2
        assert db.scalars(select(AuditEntry.action)).all() == ["erase worker"] * 2


def test_no_trace_of_the_name_is_left_and_the_books_still_add_up(
    filled: Database, keyring: Keyring, clock: FakeClock
) -> None:
    with filled.writing() as db:
        for token in db.scalars(select(PlatformAction)):
            token.token = f"token {token.id}"
    assert PERSON in everything(filled)
    with filled.writing() as db:
        erase_worker(db, find_worker(db, PERSON, keyring), clock())
    left = everything(filled)
    assert PERSON not in left
    assert left.count("Thank you, Anna") == 2
    with filled.reading() as db:
        assert db.scalars(select(func.sum(PlatformAction.amount_cents))).one() == 200


def test_one_study_alone(filled: Database, keyring: Keyring, clock: FakeClock) -> None:
    with filled.writing() as db:
        study = db.scalars(select(Study).where(Study.slug == "two")).one()
        erase_worker(db, find_worker(db, PERSON, keyring, study), clock())
    with filled.reading() as db:
        assert db.scalars(select(func.count()).select_from(Worker)).one() == 3


def test_a_pseudonym_names_one_record_and_an_erased_id_is_still_found(filled: Database, keyring: Keyring) -> None:
    with filled.writing() as db:
        for identity in db.scalars(select(WorkerIdentity)):
            db.delete(identity)
    both = records(filled, PERSON, keyring)
    with filled.reading() as db:
        pseudonym = db.get_one(Worker, both[0]).pseudonym
    assert len(both) == 2
    assert records(filled, pseudonym, keyring) == both[:1]


def test_the_audit_log_forgets_who_was_kept_out(filled: Database, keyring: Keyring, clock: FakeClock) -> None:
    with filled.writing() as db:
        for worker in db.scalars(select(Worker)):
            detail = {"worker": worker.pseudonym, "reason": "Wrote twice"}
            db.add(AuditEntry(at=clock(), study_id=worker.study_id, action="keep worker out", detail=detail))
    both = records(filled, PERSON, keyring)
    with filled.writing() as db:
        gone = set(db.scalars(select(Worker.pseudonym).where(Worker.id.in_(both))))
        erase_worker(db, both, clock())
    with filled.reading() as db:
        entries = db.scalars(select(AuditEntry).where(AuditEntry.action == "keep worker out")).all()
    assert [entry.detail for entry in entries].count({}) == 2
    assert not gone & {entry.detail.get("worker") for entry in entries}
    assert len(entries) == 4


def test_not_while_a_payment_is_under_way(filled: Database, keyring: Keyring, clock: FakeClock) -> None:
    worker_id = records(filled, PERSON, keyring)[0]
    with filled.writing() as db:
        of_person = select(PlatformAction).where(PlatformAction.worker_id == worker_id)
        db.scalars(of_person).one().state = ActionState.UNSURE
    with pytest.raises(Conflict, match="1 payment action for this worker is under way"), filled.writing() as db:
        erase_worker(db, find_worker(db, PERSON, keyring), clock())
    assert len(records(filled, PERSON, keyring)) == 2


def test_the_search_forgets_too(filled: Database, keyring: Keyring, clock: FakeClock) -> None:
    with filled.reading() as db:
        if db.get_bind().dialect.name != "sqlite":
            pytest.skip("PostgreSQL searches the rows themselves")
    with filled.writing() as db:
        erase_worker(db, [*find_worker(db, PERSON, keyring), *find_worker(db, OTHER, keyring)], clock())
    with filled.reading() as db:
        found = text("SELECT count(*) FROM submission_search WHERE submission_search MATCH 'anna'")
        assert db.scalar(found) == 0
