"""What was stored before the chain of evidence keeps its times and gets its places."""

from datetime import UTC, datetime

from alembic import command
from sqlalchemy import Connection, select, text

from keytrail.db import Database
from keytrail.models import Epoch, EventBatch
from keytrail.schema import altering, config_for
from keytrail.sessions.lifecycle import open_epoch
from tests.conftest import FakeClock
from tests.sessions.conftest import Open

_BEFORE = "104dcd1ccf17"
_RECEIVED = datetime(2026, 3, 1, 9, 5, 7, 89_000, tzinfo=UTC)


def migrate(database: Database, revision: str, *, down: bool) -> None:
    with altering(database.engine) as connection:
        (command.downgrade if down else command.upgrade)(config_for(connection), revision)


def insert_batch(connection: Connection, epoch_id: int, first: int, body: bytes) -> None:
    connection.execute(
        text(
            "INSERT INTO event_batches (epoch_id, first_seq, count, body, perf_ms, wall_ms, received_at) "
            "VALUES (:epoch, :first, 5, :body, 0, 0, :received)"
        ),
        {
            "epoch": epoch_id,
            "first": first,
            "body": body,
            "received": _RECEIVED if connection.dialect.name != "sqlite" else "2026-03-01 09:05:07.089000",
        },
    )


def test_older_batches_are_kept(database: Database, clock: FakeClock, accept: Open) -> None:
    with database.writing() as db:
        epoch_id = open_epoch(db, accept(db, "W1", "A1", clock()), clock()).id
    migrate(database, _BEFORE, down=True)
    with database.engine.begin() as connection:
        for first in (10, 0, 5):
            insert_batch(connection, epoch_id, first, b"\x01")
    migrate(database, "head", down=False)
    with database.reading() as db:
        batches = list(db.scalars(select(EventBatch).order_by(EventBatch.first_seq)))
        assert [(batch.first_seq, batch.place, batch.link) for batch in batches] == [
            (0, 0, b""),
            (5, 1, b""),
            (10, 2, b""),
        ]
        assert {batch.received_at for batch in batches} == {_RECEIVED}
        epoch = db.get_one(Epoch, epoch_id)
        assert (epoch.batches, epoch.reached_seq, epoch.last_link) == (3, 15, b"")
    migrate(database, _BEFORE, down=True)
    with database.engine.connect() as connection:
        times = {str(row[0])[:23] for row in connection.execute(text("SELECT received_at FROM event_batches"))}
        assert times == {"2026-03-01 09:05:07.089"}
