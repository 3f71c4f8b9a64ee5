"""Rounding old logs removes their rhythm, and nothing else."""

from collections.abc import Callable
from itertools import accumulate
from threading import Event as Signal
from typing import Any

import pytest
from sqlalchemy import select

from keytrail.db import Database
from keytrail.errors import Conflict
from keytrail.jobs.periodic_jobs import PeriodicJobs
from keytrail.jobs.schedule import Schedule
from keytrail.keyring import Keyring
from keytrail.models import AcrossFinding, ScheduledJob, StoredReport, Submission, WritingSession
from keytrail.provenance import Family, Finding, Report, Severity
from keytrail.review.analysis.evidence import check_session
from keytrail.review.retention.coarsening import coarsen_session, sessions_to_coarsen
from keytrail.review.retention.maintenance import coarsen_old_logs
from keytrail.sessions.eventlog import Chain
from keytrail.settings import Settings
from tests.conftest import FakeClock
from tests.review.retention.recorded import analyse, events, submit_recorded

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
def session_id(database: Database, keyring: Keyring, clock: FakeClock) -> int:
    """One typed answer without a report."""
    return submit_recorded(database, keyring, clock, TYPED, 5, "ab")


def rules(body: dict[str, Any]) -> list[str]:
    return [finding.rule for finding in Report.from_json(body).findings]


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
def test_a_server_forgets_only_if_it_is_told_to(  # fixtures
    database: Database,
    session_id: int,
    keyring: Keyring,
    clock: FakeClock,
    make_settings: Callable[..., Settings],
    days: int | None,
) -> None:
    clock.advance(days=31)
    analyse(database, clock)
    jobs = PeriodicJobs(database, keyring, make_settings(key_timing_days=days), clock, Signal()).retention()
    for job in jobs:
        Schedule(database, clock).run_if_due(job)
    with database.reading() as db:
        assert (db.get_one(WritingSession, session_id).coarsened_at is None) is (days is None)
    assert PeriodicJobs(database, keyring, make_settings(), clock, Signal()).retention() == []
    with database.reading() as db:
        assert db.get(ScheduledJob, "retention") is None, "what is switched off is never overdue"
