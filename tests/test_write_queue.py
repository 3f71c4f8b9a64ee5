"""Writers of one process wait in a queue for SQLite's write lock, instead of overtaking each other by chance."""

import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError, PendingRollbackError

from keytrail.db import Database
from keytrail.write_queue import WriteQueue
from tests.waiting import until


@pytest.fixture
def sqlite(sqlite_database_url: str) -> Iterator[Database]:
    database = Database(sqlite_database_url)
    yield database
    database.close()


def write(database: Database, name: str, order: list[str]) -> None:
    with database.writing() as db:
        db.execute(text("SELECT 1"))
        order.append(name)


def ingest(database: Database, order: list[str]) -> None:
    with database.appending() as connection:
        connection.execute(text("SELECT 1"))
        order.append("ingest")


def test_ingest_writes_next_and_the_others_in_the_order_of_their_arrival(sqlite: Database) -> None:
    order: list[str] = []
    threads = [threading.Thread(target=write, args=(sqlite, str(number), order)) for number in range(6)]
    threads.append(threading.Thread(target=ingest, args=(sqlite, order)))
    with sqlite.writing() as db:
        db.execute(text("SELECT 1"))
        for number, thread in enumerate(threads):
            thread.start()
            until(lambda wanted=number: sqlite.queue.waiting > wanted, "the next in the queue")  # type: ignore[misc]
    for thread in threads:
        thread.join()
    assert order == ["ingest", *map(str, range(6))]


def end_with_an_error(database: Database, statement: str, *, invalidated: bool = False) -> None:
    with database.writing() as db:
        db.execute(text("SELECT 1"))
        if invalidated:
            db.connection().invalidate()
        db.execute(text(statement))


def test_the_turn_is_given_back_by_whatever_ends_a_unit_of_work(sqlite: Database) -> None:
    order: list[str] = []
    with pytest.raises(OperationalError):
        end_with_an_error(sqlite, "SELECT nothing FROM nowhere")
    with pytest.raises(PendingRollbackError):
        end_with_an_error(sqlite, "SELECT 1", invalidated=True)
    write(sqlite, "still possible", order)
    assert order == ["still possible"]


def test_a_unit_of_work_that_has_not_read_anything_keeps_nobody_waiting(sqlite: Database) -> None:
    order: list[str] = []
    with sqlite.writing():
        write(sqlite, "meanwhile", order)
    assert order == ["meanwhile"]


def test_who_waits_too_long_gets_no_turn_and_loses_none_for_the_next() -> None:
    queue = WriteQueue()
    assert queue.acquire(0)
    assert not queue.acquire(0)
    queue.release()
    assert queue.acquire(0)
