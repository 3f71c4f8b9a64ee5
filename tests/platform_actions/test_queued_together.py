"""A form that is sent twice at the same moment. SQLite serialises writers; PostgreSQL needs locks."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from keytrail.clock import utc_now
from keytrail.db import Database
from keytrail.models import ActionKind, PlatformAction
from keytrail.platform_actions.outbox import Order, queue
from keytrail.studies import StudyDefinition, create_study, study_by_slug
from tests.postgres import waits
from tests.waiting import until


@pytest.fixture
def postgres(database: Database) -> Database:
    if database.engine.dialect.name != "postgresql":
        pytest.skip("of PostgreSQL only")
    with database.writing() as db:
        create_study(db, StudyDefinition(title="Night", slug="night", instructions="Write."), None, utc_now())
    return database


def test_a_double_click_queues_once(postgres: Database) -> None:
    order = Order(ActionKind.MESSAGE, reason="Thanks", token="0123456789abcdef")

    def click() -> int:
        with postgres.writing() as db:
            return queue(db, study_by_slug(db, "night"), order, None, utc_now()).id

    with ThreadPoolExecutor(1) as pool:
        with postgres.writing() as db:
            first = queue(db, study_by_slug(db, "night"), order, None, utc_now()).id
            second = pool.submit(click)
            until(lambda: waits(postgres), "the second click to wait")
        assert second.result(60) == first
    with postgres.reading() as db:
        assert db.scalar(select(func.count(PlatformAction.id))) == 1
