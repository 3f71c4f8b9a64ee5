from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from keytrail.main import create_app
from keytrail.models import Membership, Role, User
from keytrail.settings import Settings
from keytrail.studies import ItemRow, StudyDefinition, add_items, create_study
from keytrail.users.tokens import create_token
from tests.conftest import FakeClock
from tests.worker.visitor import Visitor


@pytest.fixture
def server(make_settings: Callable[..., Settings], database_url: str, clock: FakeClock) -> FastAPI:
    """The application with one study, its owner Olga, the reviewer Rita and the outsider Otto."""
    app = create_app(make_settings(database_url=database_url), clock=clock)
    with app.state.services.database.writing() as db:
        people = {
            name: User(
                email=f"{name}@example.org",
                name=name,
                password_hash="no password",
                created_at=clock(),
                may_create_studies=True,
                may_spend=True,
            )
            for name in ("olga", "rita", "otto")
        }
        db.add_all(people.values())
        db.flush()
        definition = StudyDefinition(title="T", slug="t", instructions="Write.", minimum_words=1, places_per_item=99)
        study = create_study(db, definition, people["olga"], clock())
        add_items(db, study, [ItemRow("a", "An item."), ItemRow("b", "Another item.")])
        db.add(Membership(user_id=people["rita"].id, study_id=study.id, role=Role.REVIEWER))
        app.state.tokens = {name: create_token(db, user, "test", clock()) for name, user in people.items()}
    return app


@pytest.fixture
def client(server: FastAPI) -> Iterator[TestClient]:
    with TestClient(server, base_url="http://keytrail.test", follow_redirects=False) as client:
        yield client


@pytest.fixture
def get(client: TestClient, server: FastAPI) -> Callable[..., Any]:
    """GET with somebody's token."""

    def get(path: str, who: str = "olga", **params: Any) -> Any:
        headers = {"authorization": f"Bearer {server.state.tokens[who]}"}
        return client.get(f"/api/v1{path}", params=params, headers=headers)

    return get


@pytest.fixture
def hand_in(client: TestClient) -> Callable[..., str]:
    """A worker types a text key by key, or pastes it, and submits; returns the receipt."""

    def hand_in(worker: str, text: str, *, pasted: bool = False) -> str:
        visitor = Visitor(client, "t", {"assignmentId": f"A-{worker}", "workerId": worker})
        visitor.accept()
        events = typing(text) if not pasted else pasting(text)
        visitor.post_events(0, events)
        return str(visitor.post_submission(text, events=len(events)).json()["receipt"])

    return hand_in


def typing(text: str) -> list[list[Any]]:
    """Eight seconds of reading, then key by key."""
    events: list[list[Any]] = [[0, "i", "empty", 0, 2166136261], [8000, "s", 0, 0]]
    for n, character in enumerate(text):
        code = "Space" if character == " " else f"Key{character.upper()}"
        events += [[90 + n % 70, "k", code, character, 0], [1, "e", n, 0, character, "insertText", 2]]
        events += [[70 + n % 30, "u", code, 0]]
    return events


def pasting(text: str) -> list[list[Any]]:
    return [
        [0, "i", "empty", 0, 2166136261],
        [5000, "p", len(text), 1, text, ["text/plain"], 0],
        [1, "e", 0, 0, text, "insertFromPaste", 2],
    ]
