"""What a client sends beside bodies has limits, and so has the number of connections."""

import asyncio
import resource
import select
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
import uvicorn
from starlette.types import Message, Receive, Scope, Send

from keytrail.errors import Unavailable
from keytrail.settings import Settings
from keytrail.web.http_limits import AHEAD, HEAD_BYTES, HEADERS, connections_for
from keytrail.web.protocol import PatientProtocol, limited_to
from keytrail.web.request_body import Bodies
from tests.sandbox.running import loopback_socket
from tests.web.test_protocol import is_ended

BOUND_S = 30
GET = b"GET / HTTP/1.1\r\nhost: localhost\r\n"
CHUNKED = b"POST / HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n"
Connect = Callable[[], socket.socket]


class Hold:
    """An application that answers a request once its body is complete; one for /held when it is told to."""

    def __init__(self) -> None:
        self.go_on = threading.Event()
        self.begun = threading.Event()
        self.bodies: list[bytes] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message["body"]
            more = message["more_body"]
        self.bodies.append(body)
        if scope["path"] == "/held":
            self.begun.set()
            await asyncio.to_thread(self.go_on.wait, BOUND_S)
        head: list[tuple[bytes, bytes]] = [(b"content-length", b"4")]
        await send({"type": "http.response.start", "status": 200, "headers": head})
        await send({"type": "http.response.body", "body": b"well"})


@contextmanager
def running(app: Hold, protocol: type[PatientProtocol]) -> Iterator[Connect]:
    """A server on loopback."""
    listener = loopback_socket()
    config = uvicorn.Config(app, log_level="critical", ws="none", lifespan="off", http=protocol)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    with ExitStack() as stack:
        try:
            yield lambda: stack.enter_context(socket.create_connection(listener.getsockname(), timeout=BOUND_S))
        finally:
            app.go_on.set()
            server.should_exit = True
            thread.join()


@pytest.fixture
def app() -> Hold:
    return Hold()


@pytest.fixture
def connect(app: Hold) -> Iterator[Connect]:
    with running(app, limited_to(BOUND_S, BOUND_S)) as found:
        yield found


def said(line: socket.socket, sent: bytes) -> bytes:
    """All that the server says until it closes the connection."""
    line.sendall(sent)
    return b"".join(iter(lambda: line.recv(65_536), b""))


TOO_LARGE = {
    "many headers": GET + b"a:b\r\n" * (HEADERS + 1) + b"\r\n",
    "large headers": GET + (b"a: " + b"b" * 1000 + b"\r\n") * 40 + b"\r\n",
    "a long address": b"GET /" + b"a" * HEAD_BYTES + b" HTTP/1.1\r\nhost: localhost\r\n\r\n",
    "many fields after a body": CHUNKED + b"1\r\nx\r\n0\r\n" + b"a:b\r\n" * (HEADERS + 1),
}


@pytest.mark.parametrize("sent", TOO_LARGE.values(), ids=TOO_LARGE)
def test_a_head_that_is_too_large_is_refused_with_a_sentence(sent: bytes, connect: Connect) -> None:
    answer = said(connect(), sent)
    assert answer.startswith(b"HTTP/1.1 431 ")
    assert b"\r\nx-content-type-options: nosniff\r\n" in answer
    assert b"Delete the cookies" in answer


ENDLESS = {
    "a header": GET + b"cookie: ",
    "an address": b"GET /",
    "a field after a body": CHUNKED + b"1\r\nx\r\n0\r\na: ",
    "what is said of a chunk": CHUNKED + b"1\r\nx\r\n1;",
}


@pytest.mark.parametrize("begun", ENDLESS.values(), ids=ENDLESS)
def test_what_never_ends_is_not_kept(begun: bytes, connect: Connect, app: Hold) -> None:
    line = connect()
    line.sendall(begun)
    try:
        for _ in range(100_000):
            if select.select([line], [], [], 0)[0]:
                break
            line.sendall(b"e" * 1000)
            assert len(app.bodies) == 0
        answer = line.recv(13)
    except ConnectionError:  # closed before all was read
        answer = b"HTTP/1.1 431 "
    assert answer == b"HTTP/1.1 431 "


def test_an_address_and_cookies_as_browsers_send_them_pass(connect: Connect) -> None:
    head = b"GET /" + b"a" * 8000 + b" HTTP/1.1\r\nhost: localhost\r\ncookie: " + b"b" * 16_000
    assert said(connect(), head + b"\r\n" + b"a: b\r\n" * 50 + b"connection: close\r\n\r\n").startswith(b"HTTP/1.1 200")


def test_a_body_in_ever_so_many_pieces_is_refused_and_a_usual_one_is_not(connect: Connect, app: Hold) -> None:
    assert said(connect(), CHUNKED + b"1\r\nx\r\n" * 5000).startswith(b"HTTP/1.1 400 ")
    last = b"0\r\n\r\nGET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n"
    assert said(connect(), CHUNKED + b"100\r\n" + (b"y" * 256 + b"\r\n100\r\n") * 3000 + b"y" * 256 + b"\r\n" + last)
    assert sorted(map(len, app.bodies)) == [0, 256 * 3001]


def test_requests_are_not_taken_far_ahead(connect: Connect, app: Hold) -> None:
    line, request = connect(), GET + b"\r\n"
    line.sendall(b"GET /held HTTP/1.1\r\nhost: localhost\r\n\r\n")
    assert app.begun.wait(BOUND_S)
    line.sendall(request * 5000)
    assert line.recv(13) == b"HTTP/1.1 400 "
    assert len(app.bodies) == 1


def test_a_few_requests_ahead_are_answered(connect: Connect) -> None:
    last = GET + b"connection: close\r\n\r\n"
    assert said(connect(), (GET + b"\r\n") * AHEAD + last).count(b"HTTP/1.1 200") == AHEAD + 1


def test_too_many_connections_end_the_idle_ones_and_nobody_who_is_served(app: Hold) -> None:
    protocol = limited_to(100 * BOUND_S, BOUND_S)
    protocol.most_connections = 20
    with running(app, protocol) as connect:
        served = connect()
        served.sendall(b"GET /held HTTP/1.1\r\nhost: localhost\r\n\r\n")
        assert app.begun.wait(BOUND_S)
        idle = [connect() for _ in range(60)]
        assert said(connect(), GET + b"connection: close\r\n\r\n").startswith(b"HTTP/1.1 200")
        assert all(is_ended(line) for line in idle[:5])
        app.go_on.set()
        assert served.recv(12) == b"HTTP/1.1 200"


def test_as_many_files_may_be_open_as_the_system_allows() -> None:
    code = "from keytrail.child_process.resource_limits import raise_open_files; print(raise_open_files())"

    def few() -> None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (256, 1024))

    ran = subprocess.run([sys.executable, "-c", code], preexec_fn=few, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "1024"
    assert [connections_for(files) for files in (100, 1024, 100_000)] == [50, 824, 6000]


class Bodied:
    """Two requests with bodies at the middleware, from two addresses; the first stays incomplete meanwhile."""

    def __init__(self, settings: Settings) -> None:
        def answer(_request: object, error: Exception) -> Any:
            async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
                await send({"type": "http.response.start", "status": type(error).__name__})

            app.headers = {}  # type: ignore[attr-defined]  # as of a response
            return app

        async def inner(_scope: Scope, receive: Receive, send: Send) -> None:
            try:
                while (await receive())["more_body"]:
                    pass
            except Unavailable as error:
                await answer(None, error)(_scope, receive, send)
            else:
                await send({"type": "http.response.start", "status": 200})

        async def never(_request: object) -> bool:
            return False

        self.bodies = Bodies(inner, settings, answer, never)

    async def post(self, path: str, address: str, size: int, go_on: asyncio.Event | None = None) -> Any:
        statuses: list[Any] = []
        pieces = [size, 0]

        async def receive() -> dict[str, Any]:
            if len(pieces) == 1 and go_on:
                await go_on.wait()
            return {"type": "http.request", "body": b"x" * pieces.pop(0), "more_body": bool(pieces)}

        async def send(message: Message) -> None:
            statuses.append(message["status"])

        headers = [(b"transfer-encoding", b"chunked")]
        scope = {"type": "http", "path": path, "method": "POST", "headers": headers, "query_string": b""}
        await self.bodies(scope | {"client": (address, 1)}, receive, send)
        return statuses[0]

    async def beside(self, path: str, first: str, second: str) -> Any:
        """The answer to the second while the first is incomplete; the first is answered in any case."""
        go_on = asyncio.Event()
        held = asyncio.create_task(self.post(path, first, 60_000, go_on))
        await asyncio.sleep(0)
        found = await self.post(path, second, 60_000)
        go_on.set()
        assert await held == 200
        return found


@pytest.mark.parametrize("path", ["/api/worker/events", "/api/worker/submission"])
def test_one_network_fills_no_memory_with_incomplete_bodies(
    path: str, make_settings: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("keytrail.web.request_body._MOST_HELD_BY_ONE", 100_000)
    bodied = Bodied(make_settings())
    assert asyncio.run(bodied.beside(path, "192.0.2.1", "192.0.2.1")) == "Unavailable"
    assert asyncio.run(bodied.beside(path, "192.0.2.1", "192.0.2.2")) == 200
    assert asyncio.run(bodied.beside(path, "2001:db8:1:2::1", "2001:db8:1:2:ffff::9")) == "Unavailable"
    assert asyncio.run(bodied.beside(path, "2001:db8:1:2::1", "2001:db8:1:3::1")) == 200


def test_what_all_networks_send_is_limited_and_no_longer_counted_once_it_is_complete(
    make_settings: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("keytrail.web.request_body._MOST_HELD", 100_000)
    bodied = Bodied(make_settings())
    for path in ("/api/worker/events", "/api/worker/submission"):
        assert asyncio.run(bodied.beside(path, "192.0.2.1", "198.51.100.1")) == "Unavailable"
        assert asyncio.run(bodied.post(path, "192.0.2.1", 60_000)) == 200
