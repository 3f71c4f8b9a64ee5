"""A log that is sent again under another ticket."""

import pytest
from sqlalchemy import func, select

from keytrail.db import Database
from keytrail.keyring import Keyring
from keytrail.models import LogMark, Submission
from keytrail.provenance import Report, Verdict
from keytrail.review.analysis.background import analyse_stored
from keytrail.review.retention.coarsening import coarsen_session
from keytrail.review.retention.erasure import erase_worker
from keytrail.sessions.eventlog import Chain
from tests.conftest import FakeClock
from tests.review.analysis.writing import Desk, Sent, lasting_s, typed

TEXT = "people walk in the shade when the sun is high and the streets are hot"
OTHER = "a dog barks at the gate till the man with the bag of bones has passed"


@pytest.fixture
def desk(database: Database, keyring: Keyring, clock: FakeClock) -> Desk:
    return Desk(database, keyring, clock)


def write(desk: Desk, worker: str, text: str = TEXT, seed: int = 1, study: str = "t") -> Report:
    events = typed(text, seed)
    return desk.hand_in(worker, text, [Sent(events, lasting_s(events) + 1)], study)


def copied(report: Report | None) -> list[str]:
    assert report is not None
    return [found.explanation for found in report.findings if found.rule == "copied_log"]


def test_a_log_that_is_sent_again_is_strong_and_names_the_first(desk: Desk) -> None:
    assert copied(write(desk, "V")) == []
    with desk.database.reading() as db:
        first = db.scalars(select(Submission.public_id)).one()
    report = write(desk, "W")
    assert first in copied(report)[0]
    assert report.verdict is Verdict.STRONG


def test_another_text_with_the_same_rhythm_is_the_same_log(desk: Desk) -> None:
    assert len(TEXT) == len(OTHER)
    write(desk, "V")
    assert copied(write(desk, "W", OTHER))


def test_another_study_is_not_named(desk: Desk) -> None:
    write(desk, "V", study="one")
    assert "another study on this server" in copied(write(desk, "W", study="two"))[0]


def test_the_same_text_typed_by_another_hand_is_no_copy(desk: Desk) -> None:
    write(desk, "V")
    assert copied(write(desk, "W", seed=2)) == []


def test_analysing_again_changes_nothing(desk: Desk) -> None:
    write(desk, "V")
    write(desk, "W")
    assert copied(analyse_stored(desk.database, 1, desk.clock)) == []
    assert len(copied(analyse_stored(desk.database, 2, desk.clock))) == 1


def test_a_log_whose_times_were_rounded_is_still_known(desk: Desk) -> None:
    write(desk, "V")
    with desk.database.writing() as db:
        coarsen_session(db, db.scalars(select(Submission.session_id)).one(), Chain(desk.keyring), desk.clock())
    analyse_stored(desk.database, 1, desk.clock)
    assert copied(write(desk, "W"))


def test_erasing_a_worker_erases_the_fingerprint(desk: Desk) -> None:
    write(desk, "V")
    with desk.database.writing() as db:
        assert db.scalar(select(func.count()).select_from(LogMark))
        erase_worker(db, [db.scalars(select(Submission.worker_id)).one()], desk.clock())
        assert db.scalar(select(func.count()).select_from(LogMark)) == 0
