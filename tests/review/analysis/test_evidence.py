"""A report names its evidence; later changes of it are detected."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from keytrail.db import Database
from keytrail.keyring import Keyring
from keytrail.models import Epoch, EventBatch, StoredReport, Study, Submission
from keytrail.platforms import Assignment
from keytrail.review.analysis.bridge import analyse_submission, load_for_analysis
from keytrail.review.analysis.evidence import Checked, check_session, sessions_to_check
from keytrail.sessions.eventlog import Append, Batch, Chain, append_batch, batches_of
from keytrail.sessions.lifecycle import open_epoch, open_session
from keytrail.sessions.submission import Answer, submit
from keytrail.studies import ItemRow, StudyDefinition, add_items, create_study
from tests.conftest import FakeClock

TEXT = "three short \ud800 words"


@dataclass
class Ground:
    """A database with one analysed submission of two page loads."""

    database: Database
    keyring: Keyring
    session_id: int

    def checked(self) -> Checked:
        with self.database.reading() as db:
            return check_session(db, self.session_id, Chain(self.keyring))

    def change(self, how: Callable[[Session], object]) -> None:
        with self.database.writing() as db:
            how(db)


@pytest.fixture
def ground(database: Database, keyring: Keyring, clock: FakeClock) -> Ground:
    with database.writing() as db:
        study = create_study(db, StudyDefinition(title="T", slug="t", instructions="I", minimum_words=1), None, clock())
        add_items(db, study, [ItemRow(key="a", text="A text")])
        assignment = Assignment(worker_id="W", assignment_id="A")
        session = open_session(db, study, assignment, keyring, clock())
        for number in range(2):
            open_epoch(db, session, clock())
            for first in range(3):
                batch = Batch.from_events(first, [[1, "e", first, 0, "abc"[first], "insertText", 2]])
                append_batch(db, Append(session.id, number, batch, clock()), Chain(keyring))
        submission = submit(db, session.id, Answer(TEXT, epoch_number=1, events=3), clock())
        session_id, number = session.id, submission.id
    with database.writing() as db:
        loaded = load_for_analysis(db, number)
        assert loaded is not None
        analyse_submission(db, loaded, clock())
    return Ground(database, keyring, session_id)


def shorten(db: Session) -> None:
    """Remove the last batch of the last page load as only somebody could who knows every table but not the key."""
    epoch = db.scalars(select(Epoch).where(Epoch.number == 1)).one()
    *_, before, last = dict(batches_of(db, epoch.session_id))[epoch]
    db.delete(last.row)
    epoch.batches, epoch.next_seq, epoch.reached_seq, epoch.last_link = 2, 2, 2, before.stamp.link


def test_what_was_not_changed_fits(ground: Ground) -> None:
    checked = ground.checked()
    assert checked.misfits == ()
    assert checked.batches == 6
    assert checked.name.startswith("submission ")


def test_a_report_names_the_end_of_each_chain_and_the_text(ground: Ground) -> None:
    with ground.database.reading() as db:
        evidence: dict[str, Any] = db.scalars(select(StoredReport)).one().body["evidence"]
        ends = {epoch.number: epoch.last_link.hex() for epoch in db.scalars(select(Epoch))}
    assert evidence["chain"] == [{"epoch": n, "batches": 3, "last": ends[n]} for n in (0, 1)]
    assert len(evidence["text_sha256"]) == 64


UNREADABLE: list[Any] = [
    [], "x", {"evidence": [1]}, {"evidence": {"chain": 5}},
    {"evidence": {"text_sha256": "", "chain": 5}}, {"evidence": {"text_sha256": "", "chain": [{}]}},
]  # fmt: skip


def set_body(body: Any, db: Session) -> None:
    db.execute(update(StoredReport).values(body=body))


@pytest.mark.parametrize(
    ("how", "problem"),
    [
        (lambda db: db.execute(update(Submission).values(text="other words")), "the text is not the one"),
        (lambda db: db.execute(update(EventBatch).values(body=b"\x01")), "is not as it was stored"),
        (lambda db: db.execute(delete(Epoch).where(Epoch.number == 0)), "page load 0: is missing"),
        (shorten, "page load 1: the log does not end where the report says"),
        (lambda db: db.execute(update(StoredReport).values(body={})), "does not name its evidence"),
        *((partial(set_body, body), "evidence cannot be read") for body in UNREADABLE),
    ],
)
def test_what_was_changed_is_told(ground: Ground, how: Callable[[Session], object], problem: str) -> None:
    ground.change(how)
    assert any(problem in misfit for misfit in ground.checked().misfits), ground.checked()


def test_a_page_load_that_came_later_is_told(ground: Ground, clock: FakeClock) -> None:
    ground.change(lambda db: db.add(Epoch(session_id=ground.session_id, number=7, opened_at=clock())))
    assert ground.checked().misfits == ("page load 7: has come since the report.",)


def test_sessions_are_those_of_the_study(ground: Ground) -> None:
    with ground.database.reading() as db:
        study = db.scalars(select(Study)).one()
        assert sessions_to_check(db, study) == sessions_to_check(db, None) == [ground.session_id]
        study.id = -1
        assert sessions_to_check(db, study) == []
