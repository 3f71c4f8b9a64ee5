"""Common to every response: headers, a request id, and addresses under our own host name."""

import io
import logging
import re
from collections.abc import Iterator

import pytest
from fastapi import Request
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError, NoResultFound
from sqlalchemy.orm.attributes import instance_state
from sqlalchemy.orm.exc import ObjectDeletedError, StaleDataError

from keytrail.models import User
from keytrail.web.logs import LogFormatter, request_id
from tests.requester.site import ORIGIN, Site

SECRET = "a-token-that-nobody-else-knows"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """The log as `keytrail serve` writes it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(LogFormatter("%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s"))
    logger = logging.getLogger("keytrail")
    logger.addHandler(handler)
    level = logger.level
    logger.setLevel(logging.INFO)
    yield stream
    logger.setLevel(level)
    logger.removeHandler(handler)


@pytest.mark.parametrize(
    "error",
    [
        NoResultFound(),
        IntegrityError("INSERT", {}, Exception("FOREIGN KEY constraint failed")),
        StaleDataError(),
        ObjectDeletedError(instance_state(User())),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_was_deleted_or_added_at_the_same_moment_is_no_fault_of_the_server(
    site: Site, log: io.StringIO, error: Exception
) -> None:
    """Such as a row that one unit of work has read and the next one misses. The log has what it was."""

    @site.app.get("/broken")
    @site.app.get("/task/broken/down")
    @site.app.get("/api/broken")
    def broken() -> None:
        raise error

    nobody = site.visitor()
    page, worker, program = (nobody.get(path) for path in ("/broken", "/task/broken/down", "/api/broken"))
    assert (page.status_code, "at the same moment, so nothing was done" in page.text) == (409, True)
    assert (program.status_code, program.json()["error"]["code"]) == (409, "changed_meanwhile")
    assert (worker.status_code, worker.headers["retry-after"]) == (503, "5")
    assert type(error).__name__ in log.getvalue()


def test_every_answer_has_headers_and_an_id(site: Site) -> None:
    @site.app.get("/broken")
    @site.app.get("/task/broken/down")
    @site.app.get("/api/broken")
    def broken(request: Request) -> None:
        raise ZeroDivisionError

    client = site.visitor("olivia").client
    client._transport.raise_server_exceptions = False  # type: ignore[attr-defined]  # as a server would
    for path, status in (("/broken", 500), ("/task/broken/down", 500), ("/api/broken", 500), ("/nowhere", 404)):
        answer = client.get(path)
        assert answer.status_code == status
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert re.fullmatch("[0-9a-f]{16}", answer.headers["x-request-id"])
    refused = client.get("/", headers={"host": "evil.example"})
    assert (refused.status_code, refused.headers["x-frame-options"]) == (400, "DENY")


def test_caches_store_only_what_is_found_under_the_current_version(site: Site) -> None:
    client = site.visitor().client
    here = site.app.state.pages.static("recorder/edits.js")
    found = client.get(here)
    assert (found.status_code, found.headers["cache-control"][:6]) == (200, "public")
    early = client.get("/static/0123456789/recorder/edits.js")
    assert (early.content, early.headers["cache-control"]) == (found.content, "no-cache")
    refused = [
        client.get(f"{here}.no-such-file.js"),
        client.post(here),
        client.request("GET", here, content=b"a body that no file wants"),
        client.get(here, headers={"host": "evil.example"}),
    ]
    assert [answer.status_code for answer in refused] == [404, 405, 413, 400]
    assert {answer.headers["cache-control"] for answer in refused} == {"no-store"}


@pytest.mark.parametrize("shortage", [MemoryError(), RuntimeError("can't start new thread")], ids=["memory", "threads"])
def test_a_machine_with_nothing_to_spare_is_busy_and_not_broken(site: Site, shortage: Exception) -> None:
    @site.app.get("/api/short")
    @site.app.get("/task/short/of")
    def fail() -> None:
        raise shortage

    client = site.visitor().client
    client._transport.raise_server_exceptions = False  # type: ignore[attr-defined]  # as a server would
    for path in ("/api/short", "/task/short/of"):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")


def test_a_proxys_id_is_kept_if_it_is_one(site: Site) -> None:
    client = site.visitor().client
    assert client.get("/sign-in", headers={"x-request-id": "proxy-0001"}).headers["x-request-id"] == "proxy-0001"
    assert client.get("/sign-in", headers={"x-request-id": "a b\tc"}).headers["x-request-id"] != "a b\tc"


def test_the_log_has_times_and_ids_and_no_secrets(site: Site, log: io.StringIO) -> None:
    client = site.visitor("olivia").client
    asked = client.get("/task/night?workerId=AWORKER&assignmentId=A1")
    client.get(f"/invitation/{SECRET}")
    client.get(f"/invitations/{SECRET}")
    lines = log.getvalue().splitlines()
    assert len(lines) == 3
    assert re.fullmatch(
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z INFO keytrail\.access "
        rf"\[{asked.headers['x-request-id']}\] GET /task/night 200 \d+ ms",
        lines[0],
    )
    assert "AWORKER" not in log.getvalue()
    assert SECRET not in log.getvalue()


def test_parameters_and_stored_values_stay_out_of_errors(site: Site) -> None:
    insert = text(
        "INSERT INTO users "
        "(email, name, password_hash, code_step, created_at, may_create_studies, may_spend, is_operator) "
        "VALUES (:email, 'x', 'x', 0, :at, false, false, false)"
    )
    email = f"olivia{'@'}example.org"  # tracebacks quote the line
    try:
        with site.database.writing() as db:
            db.execute(insert, {"email": email, "at": "2026-01-01"})
    except DBAPIError as error:
        formatted = LogFormatter().formatException((type(error), error, error.__traceback__))
    assert "UNIQUE" in formatted.upper()
    assert email not in formatted
    assert request_id.get() == "-" or re.fullmatch("[0-9a-f]{16}", request_id.get())


def test_other_hosts_are_refused_and_ours_are_not(site: Site) -> None:
    client = site.visitor().client
    for host in ("keytrail.test", "KEYTRAIL.test:8000", "localhost:8000", "127.0.0.1:1", "[::1]:8000"):
        assert client.get("/sign-in", headers={"host": host}).status_code == 200, host
    for host in ("evil.example", "keytrail.test.evil.example", "", "[::1", "evil.example:80@keytrail.test"):
        answer = client.get("/sign-in", headers={"host": host})
        assert answer.status_code == 400, host
        assert "KEYTRAIL_ALLOWED_HOSTS" in answer.text


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/task/night/?workerId=W%201", "/task/night?workerId=W%201"),
        ("/sign-in/", "/sign-in"),
        ("//evil.example/", "/evil.example"),
        ("/%5Cevil.example/", "/%5Cevil.example"),
    ],
)
def test_a_slash_too_many_is_taken_off_without_naming_a_host(site: Site, path: str, location: str) -> None:
    answer = site.visitor().client.get(ORIGIN + path, headers={"x-forwarded-proto": "https"})
    assert (answer.status_code, answer.headers.get("location")) == (307, location)


def test_a_form_by_plain_http_says_where_it_comes_from(site: Site) -> None:
    """With no-referrer browsers send `Origin: null`, and by plain http no Sec-Fetch-Site: nobody could sign in."""
    assert site.visitor().get("/sign-in").headers["referrer-policy"] == "same-origin"
    assert site.visitor().get("/task/night").headers["referrer-policy"] == "no-referrer"
