"""How much of a request's body is read, by kind of request and sign-in."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.types import Message

from keytrail.main import create_app
from keytrail.requester.people.access import COOKIE
from keytrail.settings import Settings
from tests.requester.site import Site

PIECE = b"x" * 64_000
MANY = 9_250  # pieces: 592 MB


def send(
    app: FastAPI, path: str, pieces: Iterator[bytes], headers: dict[str, str] | None = None, query: bytes = b""
) -> tuple[int, dict[str, str], bytes, int]:
    """Status, headers and body of the answer to a body that comes in pieces, and how many of them were read."""
    read = 0
    received: dict[str, Any] = {"body": b""}

    async def receive() -> dict[str, Any]:
        nonlocal read
        piece = next(pieces, None)
        read += piece is not None
        return {"type": "http.request", "body": piece or b"", "more_body": piece is not None}

    async def take(message: Message) -> None:
        if message["type"] == "http.response.start":
            received["status"], received["headers"] = message["status"], message["headers"]
        else:
            received["body"] += message.get("body", b"")

    given = {"host": "keytrail.test", "origin": "http://keytrail.test", "transfer-encoding": "chunked"} | (
        headers or {}
    )
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http",
        "path": path, "raw_path": path.encode(), "root_path": "", "query_string": query,
        "headers": [(name.encode(), value.encode()) for name, value in given.items() if value],
        "client": ("192.0.2.1", 1), "server": ("keytrail.test", 80),
    }  # fmt: skip
    asyncio.run(app(scope, receive, take))
    return received["status"], {n.decode(): v.decode() for n, v in received["headers"]}, received["body"], read


@pytest.fixture
def app(make_settings: Callable[..., Settings], sqlite_database_url: str) -> Iterator[FastAPI]:
    found = create_app(make_settings(database_url=sqlite_database_url))
    yield found
    found.state.services.database.close()


MULTIPART = {"content-type": "multipart/form-data; boundary=b"}
PATHS = [
    "/sign-in", "/studies/night/items", "/task/night/consent", "/api/worker/events", "/api/worker/submission",
    "/api/worker/visit", "/api/hooks/prolific/night", "/nowhere", "/static/x.js",
]  # fmt: skip


def test_nobody_has_more_read_than_the_limit(app: FastAPI) -> None:
    for path in PATHS:
        status, headers, body, read = send(app, path, iter([PIECE] * MANY), MULTIPART)
        assert status == 413, path
        assert read * len(PIECE) <= 4_100_000, path
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-request-id"]
        assert b"at most" in body or b"larger than" in body


def test_what_says_that_it_is_large_is_not_read_at_all(app: FastAPI) -> None:
    declared = MULTIPART | {"content-length": "592000000", "transfer-encoding": ""}
    for path in PATHS:
        status, headers, _, read = send(app, path, iter([PIECE] * MANY), declared)
        assert (status, read) == (413, 0), path
        assert headers["connection"] == "close", path


def test_files_are_taken_from_people_who_are_signed_in(site: Site) -> None:
    head = b'--b\r\ncontent-disposition: form-data; name="file"; filename="i.csv"\r\n\r\nid,text\n'
    large = [head, *(b"%d,%s\n" % (n, b"y" * 9_000) for n in range(200)), b"\r\n--b--\r\n"]
    signed_in = MULTIPART | {"cookie": f"{COOKIE}={site.cookie('olivia')}"}
    assert send(site.app, "/studies/night/items", iter(large), signed_in)[0] == 303
    for cookie in ("", f"{COOKIE}=forged"):
        status, _, body, read = send(site.app, "/studies/night/items", iter(large), MULTIPART | {"cookie": cookie})
        assert status == 413
        assert read < 15
        assert b"Sign in to send larger files" in body
    too_large = iter([PIECE] * MANY)
    status, _, _, read = send(site.app, "/studies/night/items", too_large, signed_in)
    assert status == 413
    assert read * len(PIECE) < 26_000_000


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=b"])
def test_one_field_may_be_as_long_as_the_whole_form(app: FastAPI, kind: str) -> None:
    text = b"x" * 3_900_000
    body = b'--b\r\ncontent-disposition: form-data; name="text"\r\n\r\n' + text + b"\r\n--b--\r\n"
    form = body if "multipart" in kind else b"text=" + text
    status = send(app, "/task/night/submission", iter([form]), {"content-type": kind})[0]
    assert status == 422  # a ticket is missing; a form that cannot be read is a 400


def test_one_address_cannot_fill_the_memory(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("keytrail.web.request_body._MOST_HELD_BY_ONE", 100_000)
    status, headers, _, read = send(app, "/api/worker/submission", iter([PIECE] * 20))
    assert (status, headers["retry-after"], read) == (503, "5", 2)


@pytest.mark.parametrize("separator", [b"&", b";", b"a=&"])
@pytest.mark.parametrize("path", ["/sign-in", "/task/night/submission"])
def test_a_form_of_ever_so_many_fields_is_not_taken_apart(app: FastAPI, path: str, separator: bytes) -> None:
    form = {"content-type": "application/x-www-form-urlencoded"}
    status, _, body, _ = send(app, path, iter([separator * 20_000]), form)
    assert status == 413
    assert b"at most 1000 fields" in body
    assert send(app, path, iter([separator * 900]), form)[0] == 422
    assert send(app, path, iter([separator * 20_000]), {"content-type": "text/plain"})[0] == 422


def test_programs_send_nothing_large_whoever_is_signed_in(site: Site) -> None:
    headers = {"content-type": "application/json", "cookie": f"{COOKIE}={site.cookie('olivia')}"}
    body = b"{" + b",".join(b'"%d":1' % number for number in range(20_000)) + b"}"
    path = "/api/v1/submissions/x/decisions"
    assert send(site.app, path, iter([body]), headers)[0] == 413


def test_limits_are_settings(make_settings: Callable[..., Settings], sqlite_database_url: str) -> None:
    app = create_app(make_settings(database_url=sqlite_database_url, max_batch_bytes=10_000, max_form_bytes=10_000))
    for path in ("/api/worker/events", "/sign-in"):
        declared = {"content-length": "10001", "transfer-encoding": ""}
        assert send(app, path, iter([b"x" * 10_001]), declared)[0] == 413
    app.state.services.database.close()
