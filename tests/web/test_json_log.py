"""The log as JSON has the fields that operators are promised, and nothing about people."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from keytrail.settings import Settings
from keytrail.web.logs import JsonFormatter, logging_for
from tests.conftest import FakeClock
from tests.requester.night_study import night_study
from tests.requester.site import Site

SECRET = "an-invitation-that-nobody-may-read"


@pytest.fixture
def site(make_settings: Callable[..., Settings], sqlite_database_url: str, clock: FakeClock) -> Iterator[Site]:
    found = night_study(make_settings(database_url=sqlite_database_url), clock)
    yield found
    found.database.close()


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonFormatter())
    logger = logging.getLogger("keytrail")
    level = logger.level
    logger.setLevel("INFO")
    logger.addHandler(handler)
    yield written
    logger.removeHandler(handler)
    logger.setLevel(level)


def entries(log: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def test_a_request_is_one_line_with_the_id_that_its_answer_has(site: Site, log: io.StringIO) -> None:
    client = site.visitor("olivia").client
    asked = client.get("/task/night?workerId=AWORKER&assignmentId=A1")
    client.get(f"/invitations/{SECRET}")
    first, second = entries(log)
    assert set(first) == set(second) == {"time", "level", "logger", "request", "message"}
    assert (first["level"], first["logger"]) == ("INFO", "keytrail.access")
    assert first["request"] == asked.headers["x-request-id"]
    assert first["message"].startswith("GET /task/night 200 ")
    for private in ("AWORKER", "A1", SECRET, "olivia", "127.0.0.1", "testclient"):
        assert private not in log.getvalue()


def test_an_exception_is_a_field_without_the_values_that_postgresql_quotes(log: io.StringIO) -> None:
    said = "no such row\nDETAIL:  Key (email)=(olivia@example.org) exists.\nlast line"
    try:
        int(said)
    except ValueError as error:
        error.args = (said,)
        logging.getLogger("keytrail").exception("It failed.", extra={"worker": "AWORKER"})
    (entry,) = entries(log)
    assert entry["message"] == "It failed."
    assert "no such row" in entry["error"]
    assert "last line" in entry["error"]
    assert "olivia" not in entry["error"]
    assert "AWORKER" not in log.getvalue()


def test_the_setting_chooses_it() -> None:
    assert logging_for("json")["formatters"]["line"]["()"] == f"{JsonFormatter.__module__}.JsonFormatter"
