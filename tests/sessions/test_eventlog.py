import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db import Database
from app.errors import Conflict, Forbidden
from app.models import Epoch, EventBatch
from app.sessions.codec import decode, encode
from app.sessions.eventlog import Batch, append_batch, batches_of, events_of
from app.sessions.opening import open_epoch
from app.sessions.submitting import Answer, submit
from tests.conftest import FakeClock
from tests.sessions.conftest import Open


def batch(first: int, *texts: str) -> Batch:
    events = [[1, "e", n, 0, text, "insertText", 2] for n, text in enumerate(texts)]
    return Batch(first_seq=first, events=events, perf_ms=1.5, wall_ms=1_700_000_000_000)


@pytest.fixture
def session_id(database: Database, clock: FakeClock, accept: Open) -> int:
    with database.writing() as db:
        session = accept(db, "W1", "A1", clock())
        open_epoch(db, session, clock())
        return session.id


def stored_batches(db: Session) -> int:
    return db.scalar(select(func.count()).select_from(EventBatch)) or 0


def test_three_identical_posts_store_one(database: Database, clock: FakeClock, session_id: int) -> None:
    for _ in range(3):
        with database.writing() as db:
            assert append_batch(db, session_id, 0, batch(0, "a", "b"), clock()) == 1
    with database.reading() as db:
        assert stored_batches(db) == 1
        assert db.scalars(select(Epoch.conflicting_batches)).one() == 0


def test_a_batch_that_comes_early_waits_for_the_one_before(
    database: Database, clock: FakeClock, session_id: int
) -> None:
    with database.writing() as db:
        assert append_batch(db, session_id, 0, batch(0, "a"), clock()) == 0
        assert append_batch(db, session_id, 0, batch(3, "d"), clock()) == 0
        assert append_batch(db, session_id, 0, batch(2, "c"), clock()) == 0
        assert append_batch(db, session_id, 0, batch(1, "b"), clock()) == 3


def test_what_was_stored_first_stands(database: Database, clock: FakeClock, session_id: int) -> None:
    with database.writing() as db:
        append_batch(db, session_id, 0, batch(0, "true"), clock())
        append_batch(db, session_id, 0, batch(0, "forged"), clock())
    with database.reading() as db:
        [(epoch, batches)] = batches_of(db, session_id)
        assert [event[4] for event in events_of(batches[0])] == ["true"]
        assert epoch.conflicting_batches == 1


def test_nothing_is_recorded_after_the_submission(database: Database, clock: FakeClock, session_id: int) -> None:
    with database.writing() as db:
        append_batch(db, session_id, 0, batch(0, "a"), clock())
        submit(db, session_id, Answer("three short words", epoch_number=0, events=1), clock())
        with pytest.raises(Conflict) as refused:
            append_batch(db, session_id, 0, batch(1, "b"), clock())
        assert refused.value.error_code == "too_late"


def test_an_unknown_page_load_may_not_write(database: Database, clock: FakeClock, session_id: int) -> None:
    with database.writing() as db, pytest.raises(Forbidden):
        append_batch(db, session_id, 1, batch(0, "a"), clock())


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(st.characters(codec=None, categories=None)),
    lambda inner: st.lists(inner, max_size=4),
    max_leaves=20,
)


@given(st.lists(st.lists(json_values, max_size=6), max_size=20))
def test_the_stored_form_gives_back_exactly_what_came(events: list[list[object]]) -> None:
    assert decode(encode(events)) == events
