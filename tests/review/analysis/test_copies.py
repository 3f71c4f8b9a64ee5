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
from tests.review.analysis.writing import Sent, Writers, lasting_s, typed

TEXT = "people walk in the shade when the sun is high and the streets are hot"
OTHER = "a dog barks at the gate till the man with the bag of bones has passed"


@pytest.fixture
def writers(database: Database, keyring: Keyring, clock: FakeClock) -> Writers:
    return Writers(database, keyring, clock)


def write(writers: Writers, worker: str, text: str = TEXT, seed: int = 1, study: str = "t") -> Report:
    events = typed(text, seed)
    return writers.hand_in(worker, text, [Sent(events, lasting_s(events) + 1)], study)


def copied(report: Report | None) -> list[str]:
    assert report is not None
    return [found.explanation for found in report.findings if found.rule == "copied_log"]


def test_a_log_that_is_sent_again_is_strong_and_names_the_first(writers: Writers) -> None:
    assert copied(write(writers, "V")) == []
    with writers.database.reading() as db:
        first = db.scalars(select(Submission.public_id)).one()
    report = write(writers, "W")
    assert first in copied(report)[0]
    assert report.verdict is Verdict.STRONG


def test_another_text_with_the_same_rhythm_is_the_same_log(writers: Writers) -> None:
    assert len(TEXT) == len(OTHER)
    write(writers, "V")
    assert copied(write(writers, "W", OTHER))


def test_another_study_is_not_named(writers: Writers) -> None:
    write(writers, "V", study="one")
    assert "another study on this server" in copied(write(writers, "W", study="two"))[0]


def test_the_same_text_typed_by_another_hand_is_no_copy(writers: Writers) -> None:
    write(writers, "V")
    assert copied(write(writers, "W", seed=2)) == []


def test_analysing_again_changes_nothing(writers: Writers) -> None:
    write(writers, "V")
    write(writers, "W")
    assert copied(analyse_stored(writers.database, 1, writers.clock)) == []
    assert len(copied(analyse_stored(writers.database, 2, writers.clock))) == 1


def test_a_log_whose_times_were_rounded_is_still_known(writers: Writers) -> None:
    write(writers, "V")
    with writers.database.writing() as db:
        coarsen_session(db, db.scalars(select(Submission.session_id)).one(), Chain(writers.keyring), writers.clock())
    analyse_stored(writers.database, 1, writers.clock)
    assert copied(write(writers, "W"))


def test_erasing_a_worker_erases_the_fingerprint(writers: Writers) -> None:
    write(writers, "V")
    with writers.database.writing() as db:
        assert db.scalar(select(func.count()).select_from(LogMark))
        erase_worker(db, [db.scalars(select(Submission.worker_id)).one()], writers.clock())
        assert db.scalar(select(func.count()).select_from(LogMark)) == 0
