from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from keytrail.db import Database
from keytrail.main import create_app
from keytrail.review.analysis.evidence import check_session
from keytrail.sessions.eventlog import Chain
from keytrail.settings import Settings
from keytrail.studies import ItemRow, StudyDefinition, add_items, create_study
from tests.conftest import FakeClock
from tests.worker.posting import FIRST
from tests.worker.test_events import database_of, stored_events
from tests.worker.visitor import Visitor


@pytest.fixture
def server(make_settings: Callable[..., Settings], database_url: str, clock: FakeClock) -> FastAPI:
    """The whole application with a study `short` on MTurk and one `panel` on Prolific."""
    settings = make_settings(database_url=database_url, submit_origins=("http://market.test",))
    app = create_app(settings, clock=clock)
    database: Database = app.state.services.database
    with database.writing() as db:
        for slug, platform, options in (
            ("short", "mturk", {}),
            ("panel", "prolific", {"completion_code": "C0DE"}),
        ):
            definition = StudyDefinition(
                title="Short texts",
                slug=slug,
                instructions="Write **briefly**.",
                minimum_words=2,
                maximum_words=9,
                platform=platform,
                platform_options=options,
                places_per_item=5,
            )
            study = create_study(db, definition, None, clock())
            add_items(
                db, study, [ItemRow(key="a", text="A text\nabout <b>ants</b> & bees."), ItemRow(key="b", text="B")]
            )
    return app


@pytest.fixture
def client(server: FastAPI) -> Iterator[TestClient]:
    with TestClient(server, base_url="http://keytrail.test", follow_redirects=False) as client:
        yield client


@pytest.fixture
def visit(client: TestClient) -> Callable[..., Visitor]:
    """A worker's browser without JavaScript."""

    def visit(worker: str = "W1", assignment: str = "A1", **more: Any) -> Visitor:
        query = {"assignmentId": assignment, "workerId": worker, "hitId": "H1", "turkSubmitTo": "http://market.test"}
        return Visitor(client, "short", query | more)

    return visit


@pytest.fixture
def writing(visit: Callable[..., Visitor]) -> Visitor:
    """A worker whose first batch is stored."""
    visitor = visit()
    visitor.accept()
    assert visitor.post_events(0, FIRST).json() == {"committed": 1}
    return visitor


@pytest.fixture
def undamaged(server: FastAPI, writing: Visitor) -> Iterator[None]:
    """After the test the first batch is as it was stored, and the chain fits."""
    yield
    assert stored_events(server)[: len(FIRST)] == FIRST
    with database_of(server).reading() as db:
        assert check_session(db, 1, Chain(server.state.services.keyring)).misfits == ()
