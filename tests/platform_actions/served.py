"""An application as a real server on this machine, and what can go wrong between it and whoever asks it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI
from fastapi.responses import Response

from tests.sandbox.running import loopback_socket

Fault = Response | None


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """The application's address while it is served."""
    with loopback_socket() as listener:
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", ws="none"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


def truncated() -> Response:
    """An answer that ends in the middle of its JSON."""
    return Response('{"id": "S1", "sta', media_type="application/json")
