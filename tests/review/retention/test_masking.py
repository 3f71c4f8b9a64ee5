"""Old logs of decided work are masked: nobody can read them, and what was found in them stays."""

import json
from collections.abc import Callable
from threading import Event as Signal
from typing import Any

import pytest
from sqlalchemy import delete, select

from keytrail.db import Database
from keytrail.errors import Conflict
from keytrail.jobs.periodic_jobs import PeriodicJobs
from keytrail.jobs.schedule import Schedule
from keytrail.keyring import Keyring
from keytrail.models import StoredReport, Study, Submission, WritingSession
from keytrail.review.analysis.evidence import check_session
from keytrail.review.retention.maintenance import mask_old_logs
from keytrail.review.retention.masking import mask_session, sessions_to_mask
from keytrail.sessions.eventlog import Chain
from keytrail.settings import Settings
from tests.conftest import FakeClock
from tests.provenance.writer import Writer
from tests.review.retention.recorded import analyse, events, submit_recorded

SECRET = "regretted"
DAYS = 30


@pytest.fixture
def chain(keyring: Keyring) -> Chain:
    return Chain(keyring)


@pytest.fixture
def session_id(database: Database, keyring: Keyring, clock: FakeClock) -> int:
    """One submitted answer, on whose way something was written and deleted."""
    recorded = Writer().type(SECRET).backspace(len(SECRET)).type("Tea helps").finish().events
    return submit_recorded(database, keyring, clock, recorded, 9, "Tea helps")


def change(database: Database, **values: Any) -> None:
    with database.writing() as db:
        submission = db.scalars(select(Submission)).one()
        for name, value in values.items():
            setattr(submission, name, value)


def old(database: Database, clock: FakeClock) -> list[int]:
    with database.reading() as db:
        return sessions_to_mask(db, clock(), DAYS)


@pytest.fixture
def decided(database: Database, session_id: int, clock: FakeClock) -> int:
    analyse(database, clock)
    change(database, settled=True)
    clock.advance(days=DAYS + 1)
    return session_id


def inserted(database: Database, session_id: int) -> str:
    return "".join(event[4] for event in events(database, session_id) if event[1] == "e")


def test_the_log_keeps_its_rhythm_and_loses_its_words(
    database: Database, decided: int, chain: Chain, clock: FakeClock
) -> None:
    before = events(database, decided)
    assert inserted(database, decided) == f"{SECRET}Tea helps"
    mask_old_logs(database, chain, clock, DAYS, Signal())
    after = events(database, decided)
    assert [event[:2] for event in after] == [event[:2] for event in before]
    assert inserted(database, decided) == "xxxxxxxxxxxx xxxxx"
    keys = {event[3] for event in after if event[1] == "k"}
    assert keys == {"Backspace", "x", " "}
    assert not {"KeyR", "KeyE", "KeyG"} & {event[2] for event in after if event[1] in "ku"}
    assert [event[4] for event in after if event[1] == "z"] == [0]
    with database.reading() as db:
        assert check_session(db, decided, chain).misfits == ()
        assert db.scalars(select(Submission.text)).one() == "Tea helps"
    assert old(database, clock) == [], "each log is masked once"


def test_another_analysis_keeps_what_was_found_in_the_words(
    database: Database, decided: int, chain: Chain, clock: FakeClock
) -> None:
    with database.reading() as db:
        before = dict(db.scalars(select(StoredReport)).one().body)
    mask_old_logs(database, chain, clock, DAYS, Signal())
    after = analyse(database, clock)
    assert {**after, "evidence": None} == {**before, "evidence": None}
    assert after["origins"] == {"typed": len("Tea helps")}


def test_replaced_words_are_masked_in_the_report_too(
    database: Database, decided: int, chain: Chain, clock: FakeClock
) -> None:
    rewrite = {"start": 0, "end": 3, "old": "My own words", "new": "Tea", "at_ms": 5}
    finding = {
        "id": "rewritten_text",
        "family": "provenance",
        "severity": "review",
        "explanation": "Replaced.",
        "evidence": {"spans": [[0, 3]], "times_ms": [5], "figures": {}, "rewrites": [rewrite]},
        "false_alarm": "",
    }
    with database.writing() as db:
        report = db.scalars(select(StoredReport)).one()
        report.body = report.body | {"findings": [finding]}
    mask_old_logs(database, chain, clock, DAYS, Signal())
    with database.reading() as db:
        body = db.scalars(select(StoredReport)).one().body
    assert "My own words" not in json.dumps(body)
    assert body["findings"][0]["evidence"]["rewrites"] == [{**rewrite, "old": "xx xxx xxxxx"}]


@pytest.mark.parametrize("missing", [{"settled": False}, {"objected": True}])
def test_what_is_still_to_be_judged_keeps_its_words(
    database: Database, decided: int, chain: Chain, clock: FakeClock, missing: dict[str, Any]
) -> None:
    change(database, **missing)
    assert old(database, clock) == []
    with pytest.raises(Conflict), database.writing() as db:
        mask_session(db, decided, chain, clock())
    assert SECRET in inserted(database, decided)


def test_a_worker_who_can_still_object_keeps_the_evidence(database: Database, decided: int, clock: FakeClock) -> None:
    with database.writing() as db:
        study = db.scalars(select(Study)).one()
        study.copy_shows_decision, study.copy_days = True, DAYS + 10
    assert old(database, clock) == []
    clock.advance(days=10)
    assert old(database, clock) == [decided]


def test_a_text_without_a_report_keeps_its_log(
    database: Database, session_id: int, chain: Chain, clock: FakeClock
) -> None:
    change(database, settled=True)
    clock.advance(days=DAYS + 1)
    assert old(database, clock) == []
    with pytest.raises(Conflict), database.writing() as db:
        mask_session(db, session_id, chain, clock())


def test_what_was_begun_and_never_submitted_is_masked_whole(
    database: Database, decided: int, chain: Chain, clock: FakeClock
) -> None:
    with database.writing() as db:
        db.execute(delete(Submission))
    assert old(database, clock) == [decided]
    mask_old_logs(database, chain, clock, DAYS, Signal())
    assert SECRET not in inserted(database, decided)


@pytest.mark.parametrize("days", [None, DAYS])
def test_a_server_masks_only_if_it_is_told_to(
    database: Database,
    decided: int,
    keyring: Keyring,
    clock: FakeClock,
    make_settings: Callable[..., Settings],
    days: int | None,
) -> None:
    for job in PeriodicJobs(database, keyring, make_settings(log_text_days=days), clock, Signal()).retention():
        Schedule(database, clock).run_if_due(job)
    with database.reading() as db:
        assert (db.get_one(WritingSession, decided).masked_at is None) is (days is None)
