"""Rounding old logs removes their rhythm, and nothing else."""

from itertools import accumulate
from threading import Event as Signal
from typing import Any

import pytest
from sqlalchemy import select

from keytrail.db import Database
from keytrail.errors import Conflict
from keytrail.keyring import Keyring
from keytrail.models import AcrossFinding, StoredReport, Submission, WritingSession
from keytrail.platforms import Assignment
from keytrail.provenance import Family, Finding, Report, Severity
from keytrail.review.analysis.bridge import analyse_submission, load_for_analysis
from keytrail.review.analysis.evidence import check_session
from keytrail.review.retention.coarsening import coarsen_session, sessions_to_coarsen
from keytrail.review.retention.maintenance import coarsen_old_logs, run_maintenance
from keytrail.sessions.eventlog import Append, Batch, Chain, append_batch, batches_of, events_of
from keytrail.sessions.lifecycle import open_epoch, open_session
from keytrail.sessions.submission import Answer, submit
from keytrail.studies import ItemRow, StudyDefinition, add_items, create_study
from tests.conftest import FakeClock

TYPED: list[list[Any]] = [
    [0, "E", {"v": "1", "tick": 0.1}],
    [0, "i", "empty", 0, 2166136261],
    [950, "k", "KeyA", "a", 0],
    [1, "e", 0, 0, "a", "insertText", 2],
    [83, "u", "KeyA", 0],
    [140, "k", "KeyB", "b", 0],
    [2, "e", 1, 0, "b", "insertText", 2],
    [91, "u", "KeyB", 0],
]


@pytest.fixture
def chain(keyring: Keyring) -> Chain:
    return Chain(keyring)


@pytest.fixture
def session_id(database: Database, keyring: Keyring, chain: Chain, clock: FakeClock) -> int:
    """One typed answer, sent in two batches and submitted, without a report."""
    with database.writing() as db:
        study = create_study(db, StudyDefinition(title="T", slug="t", instructions="I", minimum_words=1), None, clock())
        add_items(db, study, [ItemRow(key="a", text="A text")])
        session = open_session(db, study, Assignment(worker_id="W", assignment_id="A"), keyring, clock())
        open_epoch(db, session, clock())
        for first, events in ((0, TYPED[:5]), (5, TYPED[5:])):
            batch = Batch.from_events(first, events, 1234.5, 1_767_225_600_123)
            append_batch(db, Append(session.id, 0, batch, clock()), chain)
        submit(db, session.id, Answer("ab", epoch_number=0, events=len(TYPED)), clock())
        return session.id


def analyse(database: Database, clock: FakeClock) -> dict[str, Any]:
    with database.writing() as db:
        submission = load_for_analysis(db, db.scalars(select(Submission.id)).one())
        assert submission is not None
        analyse_submission(db, submission, clock())
    with database.reading() as db:
        return dict(db.scalars(select(StoredReport)).one().body)


def rules(body: dict[str, Any]) -> list[str]:
    return [finding.rule for finding in Report.from_json(body).findings]


def events(database: Database, session_id: int) -> list[Any]:
    with database.reading() as db:
        return [event for _, batches in batches_of(db, session_id) for batch in batches for event in events_of(batch)]


def test_times_are_whole_seconds_and_everything_else_stays(
    database: Database, session_id: int, chain: Chain, clock: FakeClock
) -> None:
    before = analyse(database, clock)
    with database.writing() as db:
        assert coarsen_session(db, session_id, chain, clock()) == len(TYPED)
    after = events(database, session_id)
    assert [event[1:] for event in after[1:]] == [event[1:] for event in TYPED[1:]]
    assert after[0][2] == {"v": "1", "tick": 1000}
    exact = accumulate(event[0] for event in TYPED)
    assert list(accumulate(event[0] for event in after)) == [time // 1000 * 1000 for time in exact]
    with database.reading() as db:
        assert db.scalars(select(StoredReport)).one().body["findings"] == before["findings"]


def test_the_log_is_verifiable_afterwards_and_the_report_names_it(
    database: Database, session_id: int, chain: Chain, clock: FakeClock
) -> None:
    analyse(database, clock)
    with database.writing() as db:
        coarsen_session(db, session_id, chain, clock())
    with database.reading() as db:
        assert check_session(db, session_id, chain).misfits == ()


def test_another_analysis_keeps_what_was_learnt_from_the_timing(
    database: Database, session_id: int, chain: Chain, clock: FakeClock
) -> None:
    before = analyse(database, clock)
    with database.writing() as db:
        coarsen_session(db, session_id, chain, clock())
    after = analyse(database, clock)
    assert {**after, "evidence": None} == {**before, "evidence": None}
    assert before["measures"]


def test_what_others_than_the_log_found_is_joined_once(
    database: Database, session_id: int, chain: Chain, clock: FakeClock
) -> None:
    with database.writing() as db:
        submission = db.scalars(select(Submission)).one()
        found = Finding(rule="shared_rhythm", family=Family.MECHANICS, severity=Severity.REVIEW, explanation="Alike.")
        db.add(
            AcrossFinding(
                submission_id=submission.id, rule=found.rule, study_id=submission.study_id, body=found.as_json()
            )
        )
    before = analyse(database, clock)
    assert rules(before).count("shared_rhythm") == 1
    with database.writing() as db:
        coarsen_session(db, session_id, chain, clock())
    assert {**analyse(database, clock), "evidence": None} == {**before, "evidence": None}
    with database.writing() as db:
        db.delete(db.scalars(select(AcrossFinding)).one())
    assert "shared_rhythm" not in rules(analyse(database, clock))


def test_a_submission_that_nobody_analysed_keeps_its_timing(
    database: Database, session_id: int, chain: Chain, clock: FakeClock
) -> None:
    clock.advance(days=400)
    with database.reading() as db:
        assert sessions_to_coarsen(db, clock(), 30) == []
    with pytest.raises(Conflict), database.writing() as db:
        coarsen_session(db, session_id, chain, clock())
    assert events(database, session_id) == TYPED


def test_age_counts_from_the_end_and_each_log_is_taken_once(
    database: Database, session_id: int, chain: Chain, clock: FakeClock
) -> None:
    analyse(database, clock)

    def old() -> list[int]:
        with database.reading() as db:
            return sessions_to_coarsen(db, clock(), 30)

    clock.advance(days=29)
    assert old() == []
    clock.advance(days=2)
    assert old() == [session_id]
    coarsen_old_logs(database, chain, clock, 30, Signal())
    assert old() == []


@pytest.mark.parametrize("days", [None, 30])
def test_a_server_forgets_only_if_it_is_told_to(
    database: Database, session_id: int, chain: Chain, clock: FakeClock, days: int | None
) -> None:
    clock.advance(days=31)
    analyse(database, clock)
    stopping = _StopsAtTheFirstWait()
    run_maintenance(database, chain, clock, days, stopping)
    with database.reading() as db:
        assert (db.get_one(WritingSession, session_id).coarsened_at is None) is (days is None)


class _StopsAtTheFirstWait(Signal):
    def wait(self, timeout: float | None = None) -> bool:
        self.set()
        return True
