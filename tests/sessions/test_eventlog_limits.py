"""Batches beyond the limits of a log are acknowledged and not stored."""

from typing import Any

import pytest
from sqlalchemy import func, select

from keytrail.db import Database
from keytrail.models import Epoch, EventBatch
from keytrail.sessions.codec import form2, pack
from keytrail.sessions.codec.deflated import MOST_PLAIN_BYTES, Deflated
from keytrail.sessions.eventlog import Append, Batch, Chain, LogLimits, append_batch
from keytrail.sessions.lifecycle import open_epoch
from tests.conftest import FakeClock
from tests.sessions.conftest import Open

LIMITS = LogLimits(page_load_events=50, page_load_characters=100, session_events=80, session_characters=150)
KEY = [[5, "k", "KeyE", "e", 0], [1, "e", 0, 0, "e", "insertText", 2]]
MOVE = [[3, "q", 1, 1, 0, 0, 0, 0]]


def paste(characters: int) -> list[Any]:
    return [[1, "e", 0, 0, "x" * characters, "insertFromPaste", 2]]


class Log:
    """One writing session whose page loads send batches."""

    def __init__(self, database: Database, chain: Chain, clock: FakeClock, accept: Open) -> None:
        self._database, self._chain, self._clock = database, chain, clock
        with database.writing() as db:
            session = accept(db, "W", "A", clock())
            self.session_id = session.id
            for _ in range(3):
                open_epoch(db, session, clock())

    def send(self, first_seq: int, events: list[Any], page_load: int = 0) -> int:
        batch = Batch.packed(first_seq, len(events), pack(events), 0, 0)
        with self._database.writing() as db:
            return append_batch(db, Append(self.session_id, page_load, batch, self._clock()), self._chain, LIMITS)

    def stored(self, page_load: int = 0) -> tuple[int, int | None]:
        """How many events are stored, and from which on they were not."""
        with self._database.reading() as db:
            epoch = db.scalars(select(Epoch).where(Epoch.number == page_load)).one()
            count = func.coalesce(func.sum(EventBatch.count), 0)
            return db.scalars(select(count).where(EventBatch.epoch_id == epoch.id)).one(), epoch.cut_seq


@pytest.fixture
def log(database: Database, chain: Chain, clock: FakeClock, accept: Open) -> Log:
    return Log(database, chain, clock, accept)


def test_events_beyond_the_limit_are_acknowledged_and_not_kept(log: Log) -> None:
    assert log.send(0, KEY * 20) == 39
    assert log.stored() == (40, None)
    assert log.send(40, KEY * 10) == 59
    assert log.send(60, KEY) == 61
    assert log.stored() == (40, 40)


def test_what_is_small_enough_is_not_kept_after_a_cut(log: Log) -> None:
    log.send(0, KEY * 20)
    log.send(40, KEY * 10)
    log.send(60, KEY)
    assert log.send(40, KEY * 10) == 59
    assert log.stored() == (40, 40)


def test_characters_are_limited_however_few_bytes_they_take(log: Log) -> None:
    assert log.send(0, paste(90)) == 0
    assert log.send(1, paste(90)) == 1
    assert log.stored() == (1, 1)


def test_a_session_is_limited_over_its_page_loads(log: Log) -> None:
    for page_load in (0, 1):
        assert log.send(0, KEY * 20, page_load) == 39
    assert log.stored(1) == (40, None)
    assert log.send(0, KEY, 2) == 1
    assert log.stored(2) == (0, 0)


def test_characters_of_a_session_are_limited_over_its_page_loads(log: Log) -> None:
    assert log.send(0, paste(90)) == 0
    assert log.send(0, paste(90), 1) == 0
    assert log.stored(1) == (0, 0)
    assert log.send(1, paste(50), 1) == 1


def test_tiny_batches_are_limited(log: Log) -> None:
    for seq in range(12):
        assert log.send(seq, MOVE) == seq
    assert log.stored() == (10, 10)


def test_text_that_no_edit_inserts_is_limited(log: Log) -> None:
    """The text of a prevented paste, for example: 80 bytes an event, on average, are kept."""
    prevented = [[1, "p", 3000, 1, "x" * 3000, ["text/plain"], 2]]
    assert log.send(0, prevented) == 0
    assert log.send(1, prevented) == 1
    assert log.stored() == (1, 1)


def test_a_batch_before_the_cut_that_comes_late_is_still_kept(log: Log) -> None:
    log.send(0, KEY)
    assert log.send(4, paste(100)) == 1, "what is missing before the cut is not acknowledged"
    assert log.stored() == (2, 4)
    assert log.send(2, KEY) == 3
    assert log.send(4, paste(100)) == 4
    assert log.stored() == (4, 4)


def test_a_stored_batch_that_comes_again_changes_nothing(log: Log) -> None:
    log.send(0, KEY * 20)
    log.send(40, KEY * 10)
    log.send(0, KEY * 20)
    assert log.stored() == (40, 40)


def test_a_body_that_unpacks_to_far_more_than_a_batch_is_refused_before_it_is_there() -> None:
    dictionary = form2._ODD_EVENTS
    bomb, plain = dictionary.write(["x" * (MOST_PLAIN_BYTES + 10)])
    assert plain > MOST_PLAIN_BYTES > 500 * len(bomb)
    with pytest.raises(ValueError, match="longer than a batch"):
        dictionary.read(bomb)
    assert Deflated("").read(Deflated("").write(["x"])[0]) == ["x"]
