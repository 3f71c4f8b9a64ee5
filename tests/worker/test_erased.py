"""A page whose session was erased gets an explanation, and never another session."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import delete, select, update

from keytrail.models import AssignmentIdentity, Epoch, Submission, Worker, WritingSession
from keytrail.review.retention.erasure import erase_worker
from tests.conftest import FakeClock
from tests.worker.posting import FIRST
from tests.worker.test_events import database_of
from tests.worker.visitor import Visitor

Visit = Callable[..., Visitor]


@pytest.fixture
def erased(writing: Visitor, server: FastAPI, clock: FakeClock) -> Visitor:
    """A page that is still open while everything of its worker was erased."""
    with database_of(server).writing() as db:
        erase_worker(db, db.scalars(select(Worker.id)).all(), clock())
    return writing


def test_the_id_of_an_erased_session_is_never_given_out_again(erased: Visitor, server: FastAPI, visit: Visit) -> None:
    visit("W2", "A2").accept()
    with database_of(server).reading() as db:
        assert db.scalars(select(WritingSession.id)).all() == [2]


def programs(client: TestClient, ticket: str) -> list[tuple[int, str]]:
    """What the page's scripts are answered."""
    answers = []
    for path, body in (
        ("events", {"seq": 2, "perf": 1.0, "wall": 1.7e12, "events": [[1, "m", 1]]}),
        ("submission", {"text": "three short words"}),
        ("draft", {}),
    ):
        answer = client.post(f"/api/worker/{path}", content=json.dumps({"v": 1, "ticket": ticket} | body))
        answers.append((answer.status_code, answer.json()["error"]["code"]))
    return answers


REFUSED = [(403, "ticket_foreign"), (404, "session_erased"), (404, "session_erased")]
FORMS: list[tuple[str, dict[str, Any]]] = [
    ("submission", {"text": "three short words"}),
    ("withdrawal", {}),
    ("afterwards", {}),
    ("source", {"link": "x"}),
]


def test_its_page_is_told_what_became_of_it(erased: Visitor, client: TestClient) -> None:
    assert programs(client, erased.ticket) == [
        (403, "ticket_foreign"),
        (404, "session_erased"),
        (404, "session_erased"),
    ]
    for action, fields in FORMS:
        answer = erased.send(action, **fields)
        assert (answer.status_code, "has been deleted" in answer.text) == (404, True), action


def test_its_ticket_is_not_good_for_another_session_with_its_id(
    erased: Visitor, client: TestClient, server: FastAPI, visit: Visit
) -> None:
    """As if ids were given out again: the random part of the session tells them apart."""
    other = visit("W2", "A2")
    other.accept()
    assert other.post_events(0, FIRST).status_code == 200
    with database_of(server).writing() as db:
        for part in (Epoch, AssignmentIdentity):
            db.execute(delete(part))
        db.execute(update(WritingSession).values(id=1))
        db.add(Epoch(session_id=1, number=0, opened_at=db.scalars(select(WritingSession.consented_at)).one()))
    assert programs(client, erased.ticket) == [
        (403, "ticket_foreign"),
        (404, "session_erased"),
        (404, "session_erased"),
    ]
    for action, fields in FORMS:
        assert erased.send(action, **fields).status_code == 404, action
    with database_of(server).reading() as db:
        assert db.scalars(select(Submission)).all() == []
        assert db.scalars(select(WritingSession.state)).all() == ["open"]
