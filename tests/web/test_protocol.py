"""The real server on loopback: incomplete requests, unread responses, and a stop that ends."""

import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from keytrail.web.protocol import limited_to
from tests.cli.running import COMMAND, clean_environment
from tests.sandbox.running import loopback_socket
from tests.waiting import free_port, until

BOUND_S = 30
LIMITS = {
    "KEYTRAIL_REQUEST_SECONDS": "1",
    "KEYTRAIL_STALL_SECONDS": "1",
    "KEYTRAIL_STOP_SECONDS": "1",
    "KEYTRAIL_PUBLIC_URL": "http://127.0.0.1",
}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[int, "subprocess.Popen[bytes]"]]:
    """`keytrail serve` with limits of a second each."""
    with serving(tmp_path, LIMITS) as running:
        yield running


@contextmanager
def serving(tmp_path: Path, limits: dict[str, str]) -> Iterator[tuple[int, "subprocess.Popen[bytes]"]]:
    port = free_port()
    environment = clean_environment(tmp_path / "data") | limits
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            [*COMMAND, "serve", "--port", str(port)], cwd=tmp_path, env=environment, stderr=log, stdout=log
        )
    try:
        until(lambda: answers(port), "the server", seconds=90)
        yield port, process
    finally:
        process.kill()
        process.wait()


def answers(port: int) -> bool:
    try:
        with connected(port) as line:
            line.sendall(b"GET /sign-in HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
            return line.recv(12) == b"HTTP/1.1 200"
    except OSError:
        return False


def connected(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=BOUND_S)


def is_ended(line: socket.socket) -> bool:
    """Whether the server ends this connection before the bound. What it still has to say is read."""
    try:
        while line.recv(65_536):
            pass
    except TimeoutError:
        return False
    except OSError:
        return True
    return True


HALVES = [
    b"",
    b"GET /sign-in HT",
    b"GET /sign-in HTTP/1.1\r\nhost: localhost\r\n",
    b"POST /sign-in HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1000\r\n\r\nemail=",
    b"POST /api/worker/events HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1000\r\n\r\n{",
    b"POST /api/worker/submission HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n5\r\nabc",
]


def test_half_a_request_is_not_waited_for(server: tuple[int, "subprocess.Popen[bytes]"]) -> None:
    port, _ = server
    with ExitStack() as stack:
        lines = [stack.enter_context(connected(port)) for _ in HALVES]
        for line, half in zip(lines, HALVES, strict=True):
            line.sendall(half)
        assert [is_ended(line) for line in lines] == [True] * len(HALVES)
    assert answers(port)


def test_a_request_that_trickles_in_is_not_waited_for(server: tuple[int, "subprocess.Popen[bytes]"]) -> None:
    port, _ = server
    with connected(port) as line:
        until_s = time.monotonic() + BOUND_S
        line.sendall(b"GET /sign-in HTTP/1.1\r\nhost: localhost\r\nx-long: ")
        try:
            while time.monotonic() < until_s:
                line.sendall(b"G")
                time.sleep(0.2)
        except OSError:
            pass
        assert time.monotonic() < until_s


class Endless:
    """A response of 200 MB, and how much of it was read before it ended."""

    def __init__(self) -> None:
        self.sent = 0
        self.ended = threading.Event()

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        try:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            while self.sent < 200_000_000:
                await send({"type": "http.response.body", "body": b"x" * 64_000, "more_body": True})
                self.sent += 64_000
        finally:
            self.ended.set()


def test_an_answer_that_nobody_takes_is_ended() -> None:
    app = Endless()
    listener = loopback_socket()
    config = uvicorn.Config(app, log_level="critical", ws="none", lifespan="off", http=limited_to(5, 0.2))
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        with socket.socket() as line:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            line.connect(listener.getsockname())
            line.sendall(b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n")
            assert line.recv(12) == b"HTTP/1.1 200"
            assert app.ended.wait(BOUND_S)
            until(lambda: not server.server_state.connections, "the server to end the connection", seconds=BOUND_S)
    finally:
        server.should_exit = True
        thread.join()


def test_it_stops_in_spite_of_half_open_requests(server: tuple[int, "subprocess.Popen[bytes]"]) -> None:
    port, process = server
    with ExitStack() as stack:
        for half in HALVES:
            stack.enter_context(connected(port)).sendall(half)
        os.kill(process.pid, signal.SIGTERM)
        assert process.wait(timeout=BOUND_S) == -signal.SIGTERM


def test_a_request_under_way_is_answered_before_it_stops(tmp_path: Path) -> None:
    limits = dict.fromkeys(("KEYTRAIL_REQUEST_SECONDS", "KEYTRAIL_STALL_SECONDS", "KEYTRAIL_STOP_SECONDS"), "60")
    body = b"email=nobody%40example.org&password=wrong"
    head = (
        "POST /sign-in HTTP/1.1\r\nhost: localhost\r\nexpect: 100-continue\r\nconnection: close\r\n"
        f"content-type: application/x-www-form-urlencoded\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    with serving(tmp_path, LIMITS | limits) as (port, process), connected(port) as line:
        line.sendall(head.encode())
        assert line.recv(21) == b"HTTP/1.1 100 Continue"  # the application waits for the body
        os.kill(process.pid, signal.SIGTERM)
        until(lambda: not answers(port), "the server to take no more connections")
        line.sendall(body)
        answered = b"".join(iter(lambda: line.recv(65_536), b""))
        assert b"HTTP/1.1 4" in answered
        assert b"</html>" in answered
        assert process.wait(timeout=BOUND_S) == -signal.SIGTERM


def test_its_files_are_for_its_user_alone(server: tuple[int, "subprocess.Popen[bytes]"], tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert data.stat().st_mode & 0o777 == 0o700
    modes = {file.name: file.stat().st_mode & 0o777 for file in data.iterdir()}
    assert modes == dict.fromkeys(
        ("keytrail.sqlite3", "keytrail.sqlite3-wal", "keytrail.sqlite3-shm", "secret.key"), 0o600
    )
