from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from keytrail.db import Database
from keytrail.keyring import Keyring
from keytrail.models import Study, WritingSession
from keytrail.platforms import Assignment
from keytrail.sessions.eventlog import Append, Batch, Chain, append_batch
from keytrail.sessions.lifecycle import open_session
from keytrail.studies import ItemRow, StudyDefinition, add_items, create_study
from tests.conftest import FakeClock

Open = Callable[..., WritingSession]
AppendOne = Callable[[Session, int, int, Batch, datetime], int]


@pytest.fixture
def study_id(database: Database, clock: FakeClock) -> int:
    """A study of three items with two places each."""
    with database.writing() as db:
        definition = StudyDefinition(
            title="Short texts", instructions="Write.", minimum_words=2, maximum_words=9, places_per_item=2
        )
        study = create_study(db, definition, None, clock())
        add_items(db, study, [ItemRow(key=key, text=f"Text {key}") for key in "abc"])
        return study.id


@pytest.fixture
def accept(study_id: int, keyring: Keyring) -> Open:
    """A worker consents to an assignment."""

    def accept(db: Session, worker: str, assignment: str, now: datetime) -> WritingSession:
        study = db.get_one(Study, study_id)
        return open_session(db, study, Assignment(worker_id=worker, assignment_id=assignment), keyring, now)

    return accept


@pytest.fixture
def chain(keyring: Keyring) -> Chain:
    return Chain(keyring)


@pytest.fixture
def append(chain: Chain) -> AppendOne:
    """Store one batch in the unit of work at hand."""

    def append(db: Session, session_id: int, epoch: int, batch: Batch, now: datetime) -> int:
        return append_batch(db, Append(session_id, epoch, batch, now), chain)

    return append
