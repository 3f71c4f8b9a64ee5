"""One recorded and submitted answer, as retention finds it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from keytrail.db import Database
from keytrail.keyring import Keyring
from keytrail.models import StoredReport, Submission
from keytrail.platforms import Assignment
from keytrail.review.analysis.bridge import analyse_submission, load_for_analysis
from keytrail.sessions.eventlog import Append, Batch, Chain, append_batch, batches_of, events_of
from keytrail.sessions.lifecycle import open_epoch, open_session
from keytrail.sessions.submission import Answer, submit
from keytrail.studies import ItemRow, StudyDefinition, add_items, create_study
from tests.conftest import FakeClock


def submit_recorded(
    database: Database, keyring: Keyring, clock: FakeClock, recorded: Sequence[Any], cut: int, text: str
) -> int:
    """Record events in two batches, of which the first has `cut`, and submit a text; return the session's number."""
    with database.writing() as db:
        study = create_study(db, StudyDefinition(title="T", slug="t", instructions="I", minimum_words=1), None, clock())
        add_items(db, study, [ItemRow(key="a", text="A text")])
        session = open_session(db, study, Assignment(worker_id="W", assignment_id="A"), keyring, clock())
        open_epoch(db, session, clock())
        for first, part in ((0, recorded[:cut]), (cut, recorded[cut:])):
            batch = Batch.from_events(first, part, 1234, 1_767_225_600_123)
            append_batch(db, Append(session.id, 0, batch, clock()), Chain(keyring))
        submit(db, session.id, Answer(text, epoch_number=0, events=len(recorded)), clock())
        return session.id


def analyse(database: Database, clock: FakeClock) -> dict[str, Any]:
    """Analyse the only submission; return its stored report."""
    with database.writing() as db:
        submission = load_for_analysis(db, db.scalars(select(Submission.id)).one())
        assert submission is not None
        analyse_submission(db, submission, clock())
    with database.reading() as db:
        return dict(db.scalars(select(StoredReport)).one().body)


def events(database: Database, session_id: int) -> list[Any]:
    """The stored events of a session."""
    with database.reading() as db:
        return [event for _, batches in batches_of(db, session_id) for batch in batches for event in events_of(batch)]
