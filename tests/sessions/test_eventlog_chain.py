"""The chain of evidence detects any change of the stored log."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from keytrail.db import Database, to_millis
from keytrail.keyring import Keyring
from keytrail.models import Epoch
from keytrail.sessions.eventlog import Batch, Chain, StoredBatch, batches_of, misfits
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
            odd = replace(batch(first, "a", "b"), perf_ms=[0, 3, int(1e300), -5, 7][first // 2])
            append(db, session.id, 0, odd, clock())
        return session.id


def found(database: Database, session_id: int, chain: Chain) -> list[str]:
    with database.reading() as db:
        return [text for epoch, batches in batches_of(db, session_id) for text in misfits(epoch, batches, chain)]


def stored(db: Session, session_id: int = 1) -> list[StoredBatch]:
    """The batches of the first page load in the order in which they were stored."""
    [(_, batches)] = batches_of(db, session_id)
    return sorted(batches, key=lambda batch: batch.stamp.place)


def set_batch(at: int, **values: object) -> Tamper:
    def tamper(db: Session) -> None:
        row = stored(db)[at].row
        for name, value in values.items():
            setattr(row, name, value)

    return tamper


def set_stamp(at: int, **values: Any) -> Tamper:
    return lambda db: stamp(db, stored(db)[at], **values)


def stamp(db: Session, batch: StoredBatch, **values: Any) -> None:
    opened_ms = to_millis(db.scalars(select(Epoch.opened_at).where(Epoch.id == batch.row.epoch_id)).one())
    batch.row.stamp = batch.stamp._replace(**values).packed(opened_ms)


def remove(*places: int) -> Tamper:
    def tamper(db: Session) -> None:
        for found in stored(db):
            if found.stamp.place in places:
                db.delete(found.row)

    return tamper


def open_later(db: Session) -> None:
    db.scalars(select(Epoch)).one().opened_at += timedelta(milliseconds=1)


def void(_result: object) -> None:
    return None


def swap_places(db: Session) -> None:
    _, one, two, *_ = stored(db)
    stamp(db, one, place=2)
    stamp(db, two, place=1)


def shorten(db: Session) -> None:
    """Remove the last batch and make the epoch look as if it had never come."""
    *_, before, last = stored(db)
    db.execute(update(Epoch).values(batches=4, next_seq=8, reached_seq=8, last_link=before.stamp.link))
    db.delete(last.row)


def test_an_honest_log_fits(database: Database, session_id: int, chain: Chain) -> None:
    assert found(database, session_id, chain) == []


@pytest.mark.parametrize(
    ("tamper", "problem"),
    [
        (set_batch(1, body=b"\x01another"), "batch 1 (events 4 to 5): is not as it was stored"),
        (set_batch(1, count=1), "batch 1 (events 4 to 4): is not as it was stored"),
        (set_batch(2, first_seq=3), "batch 2 (events 3 to 4): is not as it was stored"),
        (set_stamp(3, perf_ms=-6), "batch 3 (events 6 to 7): is not as it was stored"),
        (set_stamp(3, perf_ms=1 << 2000), "batch 3 (events 6 to 7): is not as it was stored"),
        (set_stamp(3, wall_ms=1), "batch 3 (events 6 to 7): is not as it was stored"),
        (set_stamp(3, wall_ms=1 << 64), "batch 3 (events 6 to 7): is not as it was stored"),
        (set_stamp(2, arrival_ms=1), "batch 2 (events 2 to 3): is not as it was stored"),
        (set_stamp(4, link=b"0123456789abcdef"), "batch 4 (events 8 to 9): is not as it was stored"),
        (set_stamp(0, link=b""), "batch 0 (events 0 to 1): has no link"),
        (set_stamp(3, place=9), "batches 5 to 8 are missing"),
        (set_batch(0, stamp=b""), "batch 0 (events 0 to 1): has no link"),
        (set_batch(1, stamp=b"\x81"), "batch 1 (events 4 to 5): has no link"),
        (set_batch(1, stamp=b"\xff" * 30_000), "batch 1 is missing"),
        (open_later, "batch 0 (events 0 to 1): is not as it was stored"),
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


def test_a_later_time_of_arrival_is_told(database: Database, session_id: int, chain: Chain) -> None:
    with database.writing() as db:
        set_stamp(2, arrival_ms=stored(db)[2].stamp.arrival_ms + 1)(db)
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
        open_epoch(db, other, clock())
        append(db, other.id, 0, batch(0, "c", "d"), clock())
        [theirs], ours = stored(db, other.id), stored(db, session_id)[0]
        ours.row.body = theirs.body
        stamp(db, ours, **theirs.stamp._asdict())
    assert "is not as it was stored" in found(database, session_id, chain)[0]


def test_a_batch_of_another_history_does_not_fit(database: Database, session_id: int, chain: Chain) -> None:
    """As from a backup of a time when another batch stood before it: its own link is ours, but not in this chain."""
    with database.writing() as db:
        ours = stored(db)[1]
        _, arrival_ms, *clocks, _ = ours.stamp
        opened_ms = to_millis(db.scalars(select(Epoch.opened_at)).one())
        theirs = Batch(ours.first_seq, ours.count, ours.body, *clocks)
        stamp(db, ours, link=chain.link(b"another link bef", (session_id, 0, 1), theirs, opened_ms + arrival_ms))
    assert [text.split(" (")[0] for text in found(database, session_id, chain)] == [
        "page load 0, batch 1",
        "page load 0, batch 2",
    ]
