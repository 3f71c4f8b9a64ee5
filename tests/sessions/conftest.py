from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from app.db import Database
from app.keyring import Keyring
from app.models import Study, WritingSession
from app.platforms import Assignment
from app.sessions.opening import open_session
from app.studies import ItemRow, StudyDefinition, add_items, create_study
from tests.conftest import FakeClock

Open = Callable[..., WritingSession]


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
