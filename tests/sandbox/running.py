"""A real marketplace on a loopback port, in a thread of the test's process."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import uvicorn

from keytrail.sandbox import SandboxConfig, create_sandbox


class Time:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def jump(self, **span: float) -> None:
        self.now += timedelta(**span)


def loopback_socket() -> socket.socket:
    """Listens already, so that a client may connect before the server takes its first request."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(64)
    return listener


@contextmanager
def serving(config: SandboxConfig, time: Time, listener: socket.socket) -> Iterator[None]:
    server = uvicorn.Server(uvicorn.Config(create_sandbox(config, time), log_level="warning", ws="none"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()
