"""Sessions from before the key was assignment and worker, and the way back with two workers under one id."""

from sqlalchemy import select, text

from keytrail.db import Database
from keytrail.models import AssignmentIdentity, Epoch, PlatformAssignment, WritingSession
from keytrail.sessions.lifecycle import open_epoch
from tests.conftest import FakeClock
from tests.sessions.conftest import Open
from tests.sessions.test_eventlog_migration import migrate

_BEFORE = "c3d61f08a27e"


def test_what_the_platform_had_named_and_what_was_imported_is_confirmed(
    database: Database, clock: FakeClock, accept: Open
) -> None:
    with database.writing() as db:
        named, unheard, imported = (accept(db, f"W{number}", f"A{number}", clock()).id for number in range(3))
        session = db.get_one(WritingSession, named)
        known = {"pseudonym": session.assignment_pseudonym, "status": "Submitted", "heard_at": clock()}
        db.add(PlatformAssignment(study_id=session.study_id, **known))
        db.delete(db.get_one(AssignmentIdentity, imported))
    migrate(database, _BEFORE, down=True)
    migrate(database, "head", down=False)
    with database.reading() as db:
        confirmed = select(WritingSession.id).where(WritingSession.confirmed_at.is_not(None))
        assert set(db.scalars(confirmed)) == {named, imported}
        assert db.get_one(WritingSession, unheard).confirmed_at is None


def test_going_back_loses_no_session_and_no_log(database: Database, clock: FakeClock, accept: Open) -> None:
    with database.writing() as db:
        for worker in ("ADA", "BOB"):
            open_epoch(db, accept(db, worker, "SHARED", clock()), clock())
    migrate(database, _BEFORE, down=True)
    with database.engine.connect() as connection:
        names = connection.scalars(text("SELECT assignment_pseudonym FROM writing_sessions")).all()
    assert len(set(names)) == len(names) == 2
    migrate(database, "head", down=False)
    with database.reading() as db:
        assert len(db.scalars(select(Epoch)).all()) == 2
