"""Batches of events through the whole application."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient

from keytrail.db import Database
from keytrail.sessions.eventlog import batches_of, events_of
from tests.conftest import FakeClock
from tests.worker.visitor import Visitor

Visit = Callable[..., Visitor]
TYPED = [[5, "k", "KeyA", "a", 0], [1, "e", 0, 0, "a", "insertText", 2], [80, "u", "KeyA", 0]]


def database_of(server: FastAPI) -> Database:
    found: Database = server.state.services.database
    return found


def stored_events(server: FastAPI) -> list[Any]:
    with database_of(server).reading() as db:
        return [event for _, batches in batches_of(db, 1) for batch in batches for event in events_of(batch)]


def test_a_batch_is_stored_as_it_came(visit: Visit, server: FastAPI, clock: FakeClock) -> None:
    visitor = visit()
    visitor.accept()
    clock.advance(seconds=3)
    answer = visitor.post_events(0, TYPED, perf=1234.6, wall=1_767_225_600_000.7)
    assert answer.json() == {"committed": 2}
    assert answer.headers["content-type"] == "application/json"
    assert stored_events(server) == TYPED
    with database_of(server).reading() as db:
        [(epoch, [batch])] = batches_of(db, 1)
        assert (batch.stamp.place, batch.stamp.perf_ms, batch.stamp.wall_ms) == (0, 1235, 1_767_225_600_000)
        assert epoch.opened_at + timedelta(milliseconds=batch.stamp.arrival_ms) == clock()


def test_the_answer_names_the_last_event_without_a_gap(visit: Visit) -> None:
    visitor = visit()
    visitor.accept()
    assert visitor.post_events(3, TYPED).json() == {"committed": -1}
    assert visitor.post_events(0, TYPED).json() == {"committed": 5}


def test_page_loads_are_counted_apart(visit: Visit, server: FastAPI) -> None:
    visitor = visit()
    visitor.accept()
    first = visitor.ticket
    visitor.open()
    assert visitor.post_events(0, TYPED).json() == {"committed": 2}
    assert visitor.post_events(0, TYPED[:1], ticket=first).json() == {"committed": 0}


def test_the_answer_may_not_be_kept_by_caches_and_is_readable_in_the_frame(visit: Visit) -> None:
    visitor = visit()
    visitor.accept()
    headers = visitor.post_events(0, TYPED).headers
    assert headers["cache-control"] == "no-store"
    assert "x-frame-options" not in headers


def test_a_body_in_pieces_is_put_together(visit: Visit, client: TestClient) -> None:
    visitor = visit()
    visitor.accept()
    body = json.dumps({"v": 1, "ticket": visitor.ticket, "seq": 0, "perf": 1, "wall": 1, "events": TYPED}).encode()
    pieces = (body[at : at + 7] for at in range(0, len(body), 7))
    assert client.post("/api/worker/events", content=pieces).json() == {"committed": 2}


def test_the_api_describes_the_route(client: TestClient) -> None:
    described = client.get("/api/v1/openapi.json").json()["paths"]["/api/worker/events"]["post"]
    assert "text/plain" in described["requestBody"]["content"]
    assert described["responses"]["200"]["content"]["application/json"]["schema"]["$ref"].endswith("Acknowledgement")


def test_other_methods_are_refused(client: TestClient) -> None:
    assert client.get("/api/worker/events").status_code == 405
