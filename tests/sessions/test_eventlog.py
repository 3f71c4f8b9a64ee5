from typing import Any

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from keytrail.db import Database
from keytrail.errors import Conflict, Forbidden
from keytrail.models import Epoch, EventBatch
from keytrail.sessions.codec import deflated, encode
from keytrail.sessions.eventlog import Append, Batch, Chain, append_all, batches_of, events_of
from keytrail.sessions.lifecycle import open_epoch
from keytrail.sessions.submission import Answer, submit
from tests.conftest import FakeClock
from tests.sessions.conftest import AppendOne, Open


def batch(first: int, *texts: str) -> Batch:
    events = [[1, "e", n, 0, text, "insertText", 2] for n, text in enumerate(texts)]
    return Batch.from_events(first, events, perf_ms=2, wall_ms=1_700_000_000_000)


@pytest.fixture
def session_id(database: Database, clock: FakeClock, accept: Open) -> int:
    with database.writing() as db:
        session = accept(db, "W1", "A1", clock())
        open_epoch(db, session, clock())
        return session.id


def stored_batches(db: Session) -> int:
    return db.scalar(select(func.count()).select_from(EventBatch)) or 0


def test_three_identical_posts_store_one(
    database: Database, clock: FakeClock, session_id: int, append: AppendOne
) -> None:
    for _ in range(3):
        with database.writing() as db:
            assert append(db, session_id, 0, batch(0, "a", "b"), clock()) == 1
    with database.reading() as db:
        assert stored_batches(db) == 1
        assert db.scalars(select(Epoch.conflicting_batches)).one() == 0


def test_a_batch_that_comes_early_waits_for_the_one_before(
    database: Database, clock: FakeClock, session_id: int, append: AppendOne
) -> None:
    with database.writing() as db:
        assert append(db, session_id, 0, batch(0, "a"), clock()) == 0
        assert append(db, session_id, 0, batch(3, "d"), clock()) == 0
        assert append(db, session_id, 0, batch(2, "c"), clock()) == 0
        assert append(db, session_id, 0, batch(1, "b"), clock()) == 3
        assert append(db, session_id, 0, batch(4, "e"), clock()) == 4


def test_overlapping_batches_are_all_kept(
    database: Database, clock: FakeClock, session_id: int, append: AppendOne
) -> None:
    with database.writing() as db:
        assert append(db, session_id, 0, batch(3, *"defgh"), clock()) == -1
        assert append(db, session_id, 0, batch(0, *"abcde"), clock()) == 7
        assert append(db, session_id, 0, batch(1, *"bc"), clock()) == 7
        assert stored_batches(db) == 3


def test_what_was_stored_first_stands(database: Database, clock: FakeClock, session_id: int, append: AppendOne) -> None:
    with database.writing() as db:
        append(db, session_id, 0, batch(0, "true"), clock())
        append(db, session_id, 0, batch(0, "forged"), clock())
    with database.reading() as db:
        [(epoch, batches)] = batches_of(db, session_id)
        assert [event[4] for event in events_of(batches[0])] == ["true"]
        assert epoch.conflicting_batches == 1


def test_a_batch_that_was_deflated_differently_is_no_conflict(
    database: Database,
    clock: FakeClock,
    session_id: int,
    append: AppendOne,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    events = [[1, "e", 0, 0, "ab", "insertReplacementText", 2]]
    with monkeypatch.context() as other_zlib:
        other_zlib.setattr(deflated, "_LEVEL", 0)
        stored = encode(events)
    assert stored != encode(events)
    with database.writing() as db:
        append(db, session_id, 0, Batch(0, 1, stored, 0, 0), clock())
        append(db, session_id, 0, Batch.from_events(0, events), clock())
        assert db.scalars(select(Epoch.conflicting_batches)).one() == 0


def test_nothing_is_recorded_after_the_submission(
    database: Database, clock: FakeClock, session_id: int, append: AppendOne
) -> None:
    with database.writing() as db:
        append(db, session_id, 0, batch(0, "a"), clock())
        submit(db, session_id, Answer("three short words", epoch_number=0, events=1), clock())
        with pytest.raises(Conflict) as refused:
            append(db, session_id, 0, batch(1, "b"), clock())
        assert refused.value.error_code == "too_late"


def test_an_unknown_page_load_may_not_write(
    database: Database, clock: FakeClock, session_id: int, append: AppendOne
) -> None:
    with database.writing() as db, pytest.raises(Forbidden):
        append(db, session_id, 1, batch(0, "a"), clock())


def test_what_is_refused_does_not_touch_the_others(
    database: Database, clock: FakeClock, session_id: int, accept: Open, chain: Chain
) -> None:
    with database.writing() as db:
        other = accept(db, "W2", "A2", clock())
        open_epoch(db, other, clock())
        ended = accept(db, "W3", "A3", clock())
        open_epoch(db, ended, clock())
        submit(db, ended.id, Answer("three short words"), clock())
        sessions = [ended.id, session_id, 999_999, other.id]
    with database.appending() as connection:
        appends = [Append(session, 0, batch(0, "a"), clock()) for session in sessions]
        late, first, unknown, second = append_all(connection, appends, chain)
    assert isinstance(late, Conflict)
    assert isinstance(unknown, Forbidden)
    assert (first, second) == (0, 0)
    with database.reading() as db:
        assert stored_batches(db) == 2


def test_finding_the_page_loads_reads_no_others(
    database: Database, clock: FakeClock, session_id: int, chain: Chain
) -> None:
    """A search that goes through all epochs would get slower with every session that there ever was."""
    if database.engine.dialect.name != "sqlite":
        pytest.skip("plans of PostgreSQL depend on how much is stored")
    sent: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        sent.append((statement, parameters))

    event.listen(database.ingest, "before_cursor_execute", note)
    with database.appending() as connection:
        append_all(connection, [Append(session_id, 0, batch(0, "a"), clock())], chain)
    event.remove(database.ingest, "before_cursor_execute", note)
    [(statement, parameters)] = [found for found in sent if "SELECT" in found[0]]
    with database.engine.connect() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
    assert plan
    assert not [step for step in plan if "SCAN" in step[3]]
