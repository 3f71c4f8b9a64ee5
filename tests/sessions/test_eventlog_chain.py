"""The chain of evidence detects any change of the stored log."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from keytrail.db import Database
from keytrail.keyring import Keyring
from keytrail.models import Epoch, EventBatch
from keytrail.sessions.eventlog import Batch, Chain, batches_of, misfits
from keytrail.sessions.lifecycle import open_epoch
from tests.conftest import FakeClock
from tests.sessions.conftest import AppendOne, Open
from tests.sessions.test_eventlog import batch

Tamper = Callable[[Session], None]


@pytest.fixture
def session_id(database: Database, clock: FakeClock, accept: Open, append: AppendOne) -> int:
    """One page load with five batches, of which one came early, with odd clocks."""
    with database.writing() as db:
        session = accept(db, "W1", "A1", clock())
        open_epoch(db, session, clock())
        for first in (0, 4, 2, 6, 8):
            clock.advance(seconds=2, milliseconds=3, microseconds=7)
            odd = replace(batch(first, "a", "b"), perf_ms=[-0.0, 0.1 + 0.2, 1e300, -5.5, 7.0][first // 2])
            append(db, session.id, 0, odd, clock())
        return session.id


def found(database: Database, session_id: int, chain: Chain) -> list[str]:
    with database.reading() as db:
        return [text for epoch, batches in batches_of(db, session_id) for text in misfits(epoch, batches, chain)]


def set_batch(at: int, **values: object) -> Tamper:
    return lambda db: void(db.execute(update(EventBatch).where(EventBatch.place == at).values(**values)))


def remove(*places: int) -> Tamper:
    return lambda db: void(db.execute(delete(EventBatch).where(EventBatch.place.in_(places))))


def void(_result: object) -> None:
    return None


def swap_places(db: Session) -> None:
    one, two = db.scalars(select(EventBatch).where(EventBatch.place.in_((1, 2)))).all()
    one.place, two.place = two.place, one.place


def shorten(db: Session) -> None:
    """Remove the last batch and make the epoch look as if it had never come."""
    last = db.scalars(select(EventBatch).where(EventBatch.place == 4)).one()
    before = db.scalars(select(EventBatch).where(EventBatch.place == 3)).one()
    db.execute(update(Epoch).values(batches=4, next_seq=8, reached_seq=8, last_link=before.link))
    db.delete(last)


def test_an_honest_log_fits(database: Database, session_id: int, chain: Chain) -> None:
    assert found(database, session_id, chain) == []


@pytest.mark.parametrize(
    ("tamper", "problem"),
    [
        (set_batch(1, body=b"\x01another"), "batch 1 (events 4 to 5): is not as it was stored"),
        (set_batch(1, count=1), "batch 1 (events 4 to 4): is not as it was stored"),
        (set_batch(2, first_seq=3), "batch 2 (events 3 to 4): is not as it was stored"),
        (set_batch(3, perf_ms=-5.25), "batch 3 (events 6 to 7): is not as it was stored"),
        (set_batch(3, wall_ms=1), "batch 3 (events 6 to 7): is not as it was stored"),
        (set_batch(4, link=b"0123456789abcdef"), "batch 4 (events 8 to 9): is not as it was stored"),
        (set_batch(0, link=b""), "batch 0 (events 0 to 1): has no link"),
        (set_batch(3, place=9), "batches 5 to 8 are missing"),
        (remove(0), "batch 0 is missing"),
        (remove(2), "batch 2 is missing"),
        (remove(4), "batch 4 is missing at the end"),
        (remove(3, 4), "batches 3 to 4 are missing at the end"),
        (remove(0, 1, 2, 3, 4), "batches 0 to 4 are missing at the end"),
        (swap_places, "batch 1 (events 2 to 3): is not as it was stored, or not where"),
        (lambda db: void(db.execute(update(Epoch).values(next_seq=4))), "the number of its events"),
        (
            lambda db: void(db.execute(update(Epoch).values(number=3))),
            "page load 3, batch 0 (events 0 to 1): is not as",
        ),
        (lambda db: void(db.execute(update(Epoch).values(last_link=b"x" * 16))), "does not end where it ended"),
    ],
)
def test_tampering_is_told(database: Database, session_id: int, chain: Chain, tamper: Tamper, problem: str) -> None:
    with database.writing() as db:
        tamper(db)
    assert any(problem in text for text in found(database, session_id, chain)), found(database, session_id, chain)


def test_a_later_received_time_is_told(database: Database, session_id: int, chain: Chain, clock: FakeClock) -> None:
    with database.writing() as db:
        set_batch(2, received_at=clock())(db)
    assert found(database, session_id, chain) == [
        "page load 0, batch 2 (events 2 to 3): is not as it was stored, or not where it was stored."
    ]


def test_one_changed_batch_does_not_spoil_those_after_it(database: Database, session_id: int, chain: Chain) -> None:
    with database.writing() as db:
        set_batch(1, body=b"\x01another")(db)
    assert len(found(database, session_id, chain)) == 1


def test_only_the_report_can_tell_a_log_that_was_shortened_with_care(
    database: Database, session_id: int, chain: Chain
) -> None:
    with database.writing() as db:
        shorten(db)
    assert found(database, session_id, chain) == []


def test_another_installation_has_another_chain(database: Database, session_id: int) -> None:
    other = Chain(Keyring(b"a root secret of somebody else altogether"))
    assert len(found(database, session_id, other)) == 5


def test_a_batch_of_another_page_load_does_not_fit(
    database: Database, clock: FakeClock, session_id: int, chain: Chain, accept: Open, append: AppendOne
) -> None:
    with database.writing() as db:
        other = accept(db, "W2", "A2", clock())
        moved_to = open_epoch(db, other, clock()).id
        append(db, other.id, 0, batch(0, "c", "d"), clock())
        theirs = db.scalars(select(EventBatch).where(EventBatch.epoch_id == moved_to)).one()
        ours = db.scalars(select(EventBatch).where(EventBatch.epoch_id != moved_to, EventBatch.place == 0)).one()
        ours.body, ours.link = theirs.body, theirs.link
        ours.perf_ms, ours.received_at = theirs.perf_ms, theirs.received_at
    assert "is not as it was stored" in found(database, session_id, chain)[0]


def test_a_batch_of_another_history_does_not_fit(database: Database, session_id: int, chain: Chain) -> None:
    """As from a backup of a time when another batch stood before it: its own link is ours, but not in this chain."""
    with database.writing() as db:
        stored = db.scalars(select(EventBatch).where(EventBatch.place == 1)).one()
        theirs = Batch(stored.first_seq, stored.count, stored.body, stored.perf_ms, stored.wall_ms)
        stored.link = chain.link(b"another link bef", (session_id, 0, 1), theirs, stored.received_at)
    assert [text.split(" (")[0] for text in found(database, session_id, chain)] == [
        "page load 0, batch 1",
        "page load 0, batch 2",
    ]
