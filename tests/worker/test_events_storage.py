"""A database that cannot store: the page keeps the batch and sends it again later."""

import json
import sqlite3
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import event

from keytrail.db import Database
from tests.worker.posting import FIRST, body_of, post
from tests.worker.test_events import database_of, stored_events
from tests.worker.visitor import Visitor

pytestmark = pytest.mark.usefixtures("undamaged")


def test_a_locked_database_is_busy_and_later_takes_the_batch(
    client: TestClient, writing: Visitor, server: FastAPI
) -> None:
    database = _sqlite(server)
    with _pragma(database, "busy_timeout = 20"):
        other = sqlite3.connect(str(database.engine.url.database), isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        assert post(client, json.dumps(body_of(writing)))[:2] == (503, "busy")
        other.execute("ROLLBACK")
        other.close()
        assert post(client, json.dumps(body_of(writing)))[2] == {"committed": 4}


def test_a_full_disk_is_said_and_later_takes_the_batch(client: TestClient, writing: Visitor, server: FastAPI) -> None:
    database = _sqlite(server)
    noise = "".join(chr(0x4E00 + n * 7919 % 20_000) for n in range(40_000))
    body = json.dumps(body_of(writing, events=[[1, "e", 0, 0, noise, "insertFromPaste", 2]]), ensure_ascii=False)
    with _pragma(database, "max_page_count = 1"):
        assert post(client, body)[:2] == (503, "storage_full")
        assert stored_events(server) == FIRST
    with _pragma(database, "max_page_count = 1000000"):
        assert post(client, body)[2] == {"committed": 2}


def _sqlite(server: FastAPI) -> Database:
    database = database_of(server)
    if database.engine.dialect.name != "sqlite":
        pytest.skip("of SQLite only")
    return database


class _pragma:  # noqa: N801  # reads as a statement
    """Run a pragma on each connection that is taken from the pool."""

    def __init__(self, database: Database, said: str) -> None:
        self._engine, self._said = database.ingest, said

    def _tell(self, connection: Any, *_more: Any) -> None:
        connection.execute(f"PRAGMA {self._said}")

    def __enter__(self) -> None:
        event.listen(self._engine, "checkout", self._tell)

    def __exit__(self, *_error: object) -> None:
        event.remove(self._engine, "checkout", self._tell)
