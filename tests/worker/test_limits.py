"""Limits against invented visitors: far above the use of a laboratory behind one address, with a friendly message."""

import json
import re
from collections.abc import Callable

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from keytrail.db import Database
from keytrail.main import create_app
from keytrail.models import AddressCount, WritingSession
from keytrail.sessions.beginnings import network_of
from keytrail.settings import Settings
from keytrail.studies import ItemRow, StudyDefinition, add_items, create_study
from tests.conftest import FakeClock
from tests.worker.visitor import Visitor

LIMITS = {"sessions_per_address": 3, "open_sessions_per_study": 4, "page_loads_per_session": 3}


def make(make_settings: Callable[..., Settings], database_url: str, clock: FakeClock, **limits: object) -> FastAPI:
    app = create_app(make_settings(database_url=database_url, **limits), clock=clock)
    with app.state.services.database.writing() as db:
        definition = StudyDefinition(
            title="Lab", slug="lab", instructions="Write.", minimum_words=2, platform="direct", places_per_item=1000
        )
        add_items(db, create_study(db, definition, None, clock()), [ItemRow(key="a", text="A text.")])
    return app


@pytest.fixture
def server(make_settings: Callable[..., Settings], database_url: str, clock: FakeClock) -> FastAPI:
    return make(make_settings, database_url, clock, **LIMITS)


def comes(client: TestClient, name: str) -> Visitor:
    visitor = Visitor(client, "lab", {"participant": name})
    visitor.open()
    return visitor


def is_kind(page: str) -> bool:
    return "try again in" in page and "does not count against you" in page


def test_one_address_begins_so_many_within_an_hour(client: TestClient, clock: FakeClock) -> None:
    for name in ("P1", "P2", "P3"):
        comes(client, name).send("consent")
        clock.advance(minutes=10)
    turned_away = comes(client, "P4").send("consent")
    assert (turned_away.status_code, is_kind(turned_away.text)) == (429, True)
    assert "in 31 minutes" in turned_away.text
    back = comes(client, "P1")
    assert 'id="answer"' in back.page, "who has begun goes on"
    clock.advance(minutes=31)
    assert comes(client, "P4").send("consent").status_code == 303


def test_so_many_work_in_one_study_at_a_time(
    make_settings: Callable[..., Settings], database_url: str, clock: FakeClock
) -> None:
    app = make(make_settings, database_url, clock, **LIMITS | {"sessions_per_address": 100})
    with TestClient(app, base_url="http://keytrail.test", follow_redirects=False) as client:
        visit_in_turn(client, clock)


def visit_in_turn(client: TestClient, clock: FakeClock) -> None:
    for hour in range(2):
        for number in range(2):
            comes(client, f"P{hour}{number}").send("consent")
        clock.advance(minutes=30)
    clock.advance(minutes=1)
    assert comes(client, "P9").send("consent").status_code == 303, "the first two have let their time run out"
    comes(client, "P8").send("consent")
    turned_away = comes(client, "P7").send("consent")
    assert (turned_away.status_code, is_kind(turned_away.text)) == (429, True)
    done = comes(client, "P8")
    assert done.send("submission", text="three short words").status_code == 200


def test_a_task_is_loaded_so_many_times(client: TestClient) -> None:
    comes(client, "P1").send("consent")
    pages = [comes(client, "P1") for _ in range(4)]
    assert "Your text is kept" in pages[3].page
    assert pages[2].send("submission", text="three short words").status_code == 200


def test_a_laboratory_behind_one_address_is_let_in(
    make_settings: Callable[..., Settings], sqlite_database_url: str, clock: FakeClock
) -> None:
    """A hundred people, a task each, at the same minute: with the settings as they come."""
    app = make(make_settings, sqlite_database_url, clock)
    with TestClient(app, base_url="http://keytrail.test", follow_redirects=False) as client:
        assert {comes(client, f"P{number}").send("consent").status_code for number in range(100)} == {303}


def test_anonymous_visits_need_pages_that_may_embed(
    make_settings: Callable[..., Settings], sqlite_database_url: str, clock: FakeClock
) -> None:
    app = make(make_settings, sqlite_database_url, clock, public_url="http://keytrail.test")
    with TestClient(app, base_url="http://keytrail.test") as client:
        body = {"v": 1, "study": "lab", "query": {}, "consent": True}
        headers = {"origin": "http://keytrail.test"}
        answer = client.post("/api/worker/visit", content=json.dumps(body), headers=headers)
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "no_anonymous")
        assert "KEYTRAIL_EMBED_ORIGINS" in answer.json()["error"]["message"]
    with app.state.services.database.reading() as db:
        assert db.scalar(select(func.count(WritingSession.id))) == 0


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2::9", "2001:db8:1:2::"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_an_address_counts_as_its_network(address: str, network: str) -> None:
    assert network_of(address) == network


def test_the_limit_holds_over_all_processes_and_no_address_is_stored(
    make_settings: Callable[..., Settings], database_url: str, clock: FakeClock
) -> None:
    """Two applications on one database, as two processes have; the addresses are hashes, for an hour."""
    first = make(make_settings, database_url, clock, **LIMITS)
    second = create_app(make_settings(database_url=database_url, **LIMITS), clock=clock)
    statuses = []
    for number, app in enumerate((first, second, first, second)):
        with TestClient(app, base_url="http://keytrail.test", follow_redirects=False) as client:
            statuses.append(comes(client, f"P{number}").send("consent").status_code)
    assert statuses == [303, 303, 303, 429]
    database = Database(database_url)
    with database.reading() as db:
        [network] = db.scalars(select(AddressCount.network))
    assert re.fullmatch("[a-z2-7]{32}", network)
    clock.advance(hours=2)
    app = create_app(make_settings(database_url=database_url, **LIMITS), clock=clock)
    client = TestClient(app, base_url="http://keytrail.test", client=("203.0.113.7", 1), follow_redirects=False)
    with client:
        assert comes(client, "P9").send("consent").status_code == 303
    with database.reading() as db:
        [other] = db.scalars(select(AddressCount.network))
    assert other != network, "what is over an hour old is gone"
    database.close()
