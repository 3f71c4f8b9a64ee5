"""Group commit: acknowledged batches are durable, refused ones do not affect others, and a stop loses nothing."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import event, func, select, text

from keytrail.db import Database
from keytrail.errors import Conflict, Forbidden, Unavailable
from keytrail.models import Epoch, EventBatch
from keytrail.sessions.eventlog import Append, Batch, Chain, GroupWriter, batches_of
from keytrail.sessions.eventlog.writer import WriterLimits
from keytrail.sessions.lifecycle import open_epoch
from keytrail.sessions.submission import Answer, submit
from tests.conftest import FakeClock
from tests.sessions.conftest import Open
from tests.sessions.test_eventlog import batch

Outcome = int | BaseException


@pytest.fixture
def sessions(database: Database, clock: FakeClock, accept: Open) -> list[int]:
    """Five sessions with one page load each."""
    with database.writing() as db:
        opened = [accept(db, f"W{n}", f"A{n}", clock()) for n in range(5)]
        for session in opened:
            open_epoch(db, session, clock())
        return [session.id for session in opened]


@pytest.fixture
def writer(database: Database, chain: Chain) -> Iterator[GroupWriter]:
    found = GroupWriter(database, chain)
    yield found
    found.close()


def pragma(database: Database, statement: str) -> None:
    """Tell the one connection that the pool has by now, and gives to whoever comes next."""
    if database.engine.dialect.name != "sqlite":
        pytest.skip("of SQLite only")
    with database.ingest.connect() as connection:
        connection.exec_driver_sql(f"PRAGMA {statement}")


def append_at_once(writer: GroupWriter, appends: Sequence[Append]) -> list[Outcome]:
    async def run() -> list[Outcome]:
        return await asyncio.gather(*map(writer.append, appends), return_exceptions=True)

    return asyncio.run(run())


def appends(sessions: Sequence[int], clock: FakeClock, first: int = 0) -> list[Append]:
    return [Append(session, 0, batch(first, "a", "b"), clock()) for session in sessions]


def stored(database: Database) -> int:
    with database.reading() as db:
        return db.scalar(select(func.count()).select_from(EventBatch)) or 0


@contextmanager
def noted(database: Database, name: str, note: Callable[..., None]) -> Iterator[None]:
    event.listen(database.ingest, name, note)
    try:
        yield
    finally:
        event.remove(database.ingest, name, note)


class Held:
    """Stops the writer's thread where it is called, until `go_on` is set."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self.go_on = threading.Event()
        self.count = 0

    def __call__(self, _argument: Any) -> None:
        self.count += 1
        self.reached.set()
        assert self.go_on.wait(60)


def test_what_waits_together_is_committed_together_and_answered_after(
    database: Database, writer: GroupWriter, sessions: list[int], clock: FakeClock
) -> None:
    held = Held()

    async def run() -> list[int]:
        first, *others = appends(sessions, clock)
        answers = [asyncio.ensure_future(writer.append(first))]
        assert await asyncio.to_thread(held.reached.wait, 60)
        answers += [asyncio.ensure_future(writer.append(other)) for other in others]
        await asyncio.sleep(0)
        assert not any(answer.done() for answer in answers)
        held.go_on.set()
        return await asyncio.gather(*answers)

    with noted(database, "commit", held):
        assert asyncio.run(run()) == [1] * 5
    assert held.count == 2
    assert stored(database) == 5


def test_the_writer_rests_after_a_transaction_and_not_before(
    database: Database, writer: GroupWriter, sessions: list[int], clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    resting = Held()
    monkeypatch.setattr("keytrail.sessions.eventlog.writer.time", SimpleNamespace(sleep=resting))

    async def run() -> list[int]:
        first, *others = appends(sessions, clock)
        async with asyncio.timeout(60):
            answer = await writer.append(first)
        assert await asyncio.to_thread(resting.reached.wait, 60)
        answers = [asyncio.ensure_future(writer.append(other)) for other in others]
        await asyncio.sleep(0)
        assert stored(database) == 1
        resting.go_on.set()
        return [answer, *await asyncio.gather(*answers)]

    assert asyncio.run(run()) == [1] * 5
    assert resting.count <= 2


def test_batches_of_one_page_load_keep_their_order(
    database: Database, writer: GroupWriter, sessions: list[int], clock: FakeClock
) -> None:
    one = [Append(sessions[0], 0, batch(first, "a", "b"), clock()) for first in (0, 2, 4, 0)]
    assert append_at_once(writer, one) == [1, 3, 5, 5]
    with database.reading() as db:
        [(_, batches)] = batches_of(db, sessions[0])
        assert [(batch.stamp.place, batch.first_seq) for batch in batches] == [(0, 0), (1, 2), (2, 4)]


def test_a_refused_batch_does_not_touch_its_neighbours(
    database: Database, writer: GroupWriter, sessions: list[int], clock: FakeClock
) -> None:
    with database.writing() as db:
        submit(db, sessions[1], Answer("three short words"), clock())
    outcomes = append_at_once(writer, appends([*sessions, 999_999], clock))
    assert [outcomes[n] for n in (0, 2, 3, 4)] == [1] * 4
    assert isinstance(outcomes[1], Conflict)
    assert isinstance(outcomes[5], Forbidden)
    assert stored(database) == 4


def test_a_batch_that_the_database_refuses_does_not_touch_its_neighbours(
    database: Database, writer: GroupWriter, sessions: list[int], clock: FakeClock
) -> None:
    bad = Append(sessions[2], 0, Batch(0, 1, "no bytes", 0, 0), clock())  # type: ignore[arg-type]  # a bug, made on purpose
    outcomes = append_at_once(writer, [*appends(sessions[:2], clock), bad, *appends(sessions[3:], clock)])
    assert [outcomes[n] for n in (0, 1, 3, 4)] == [1] * 4
    assert isinstance(outcomes[2], TypeError)
    assert stored(database) == 4


def test_too_much_at_once_is_refused_and_can_be_sent_again(
    database: Database, chain: Chain, sessions: list[int], clock: FakeClock
) -> None:
    writer = GroupWriter(database, chain, WriterLimits(waiting=3))
    outcomes = append_at_once(writer, appends(sessions, clock))
    assert outcomes[:3] == [1] * 3
    assert all(isinstance(outcome, Unavailable) and outcome.error_code == "busy" for outcome in outcomes[3:])
    assert append_at_once(writer, appends(sessions[3:], clock)) == [1, 1]
    writer.close()


def test_too_many_bytes_at_once_are_refused(
    database: Database, chain: Chain, sessions: list[int], clock: FakeClock
) -> None:
    size = len(batch(0, "a", "b").body)
    writer = GroupWriter(database, chain, WriterLimits(waiting_bytes=2 * size))
    outcomes = append_at_once(writer, appends(sessions[:3], clock))
    assert outcomes[:2] == [1, 1]
    assert isinstance(outcomes[2], Unavailable)
    writer.close()


def test_closing_stores_what_waits_and_takes_nothing_more(
    database: Database, chain: Chain, sessions: list[int], clock: FakeClock
) -> None:
    writer = GroupWriter(database, chain, WriterLimits(group=1, gather_seconds=0.05))

    async def run() -> list[Outcome]:
        waiting = [asyncio.ensure_future(writer.append(append)) for append in appends(sessions, clock)]
        await asyncio.sleep(0)
        closing = asyncio.create_task(asyncio.to_thread(writer.close))
        outcomes = await asyncio.gather(*waiting, return_exceptions=True)
        await closing
        with pytest.raises(Unavailable):
            await writer.append(appends(sessions, clock, first=2)[0])
        return outcomes

    assert asyncio.run(run()) == [1] * 5
    assert stored(database) == 5


def test_a_locked_database_is_busy_and_later_not(
    database: Database, writer: GroupWriter, sessions: list[int], clock: FakeClock
) -> None:
    pragma(database, "busy_timeout = 50")
    other = sqlite3.connect(str(database.engine.url.database), isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    outcomes = append_at_once(writer, appends(sessions, clock))
    assert [outcome.error_code for outcome in outcomes if isinstance(outcome, Unavailable)] == ["busy"] * 5
    other.execute("ROLLBACK")
    other.close()
    assert append_at_once(writer, appends(sessions, clock)) == [1] * 5


def test_a_full_disk_says_so_and_loses_nothing(
    database: Database, writer: GroupWriter, sessions: list[int], clock: FakeClock
) -> None:
    pragma(database, "max_page_count = 1")  # SQLite makes that the pages there are
    big = [Append(session, 0, Batch(2, 1, bytes(20_000), 0, 0), clock()) for session in sessions]
    assert append_at_once(writer, appends(sessions[:1], clock)) == [1]
    outcomes = append_at_once(writer, big)
    assert [outcome.error_code for outcome in outcomes if isinstance(outcome, Unavailable)] == ["storage_full"] * 5
    assert stored(database) == 1
    pragma(database, "max_page_count = 1000000")
    assert append_at_once(writer, appends(sessions[1:], clock)) == [1] * 4
    assert append_at_once(writer, big) == [2] * 5


def test_a_database_that_dropped_the_connection_is_asked_again(
    database: Database, writer: GroupWriter, sessions: list[int], clock: FakeClock
) -> None:
    if database.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has no connection to lose")
    assert append_at_once(writer, appends(sessions, clock)) == [1] * 5
    with database.engine.connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE pid <> pg_backend_pid() AND datname = current_database()"
            )
        )
    append_at_once(writer, appends(sessions, clock, first=2))
    assert append_at_once(writer, appends(sessions, clock, first=2)) == [3] * 5
    with database.reading() as db:
        assert set(db.scalars(select(Epoch.next_seq))) == {4}
