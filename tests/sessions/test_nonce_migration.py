"""The table of sessions is made anew in SQLite; nothing that refers to it may go with the old one."""

import pytest
from alembic import command
from sqlalchemy import text

from keytrail.db import Database
from keytrail.keyring import Keyring
from keytrail.models import Epoch, EventBatch, WritingSession
from keytrail.schema import altering, config_for, migrate
from keytrail.sessions.eventlog import Append, Batch, Chain, append_batch
from keytrail.sessions.lifecycle import open_epoch
from tests.conftest import FakeClock
from tests.sessions.conftest import Open

BEFORE = "c3d61f08a27e"


@pytest.mark.parametrize("events", [3])
def test_logs_survive_and_are_counted(
    database: Database, accept: Open, clock: FakeClock, keyring: Keyring, events: int
) -> None:
    with database.writing() as db:
        session = accept(db, "W", "A", clock())
        open_epoch(db, session, clock())
        append_batch(db, Append(session.id, 0, Batch.from_events(0, [[1, "m", 1]] * events), clock()), Chain(keyring))
    with altering(database.engine) as connection:
        command.downgrade(config_for(connection), BEFORE)
    migrate(database.engine)
    with database.reading() as db:
        found = db.query(WritingSession).one()
        epoch = db.query(Epoch).one()
        assert (found.nonce, epoch.events, epoch.cut_seq) == ("", events, None)
        assert db.query(EventBatch).count() == 1
    with database.writing() as db:
        db.execute(text("DELETE FROM writing_sessions"))
        assert accept(db, "V", "B", clock()).id == found.id + 1
