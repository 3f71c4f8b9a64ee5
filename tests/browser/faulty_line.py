"""A proxy between browser and server that can cut, delay or falsify single requests."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

_SLOW_S = 2
_LONGEST_S = 60
_OWN_HEADERS = {"connection", "transfer-encoding", "content-length", "server", "date"}


class Fault(StrEnum):
    """What happens to one batch of events."""

    CUT = "connection cut before the request"
    ERROR = "answer 500, nothing stored"
    STORED_ERROR = "stored, but answer 500"
    HALF = "stored, but the answer is cut off"
    SILENCE = "stored, but no answer"
    SLOW = "stored, answer after two seconds"


class FaultyLine:
    """Serves the server behind it under an address of its own. Only batches of events meet faults.

    `faults` are used up one by one; then `always` holds, if it is set. A batch with `overtaken` in it is passed on only
    when the page that comes next has asked for its draft. With `cacheable` the pages lose the header that keeps
    browsers from holding on to them. `batches` are the bodies of all batches that came this way. Requests to the path
    `held` wait until `release`.
    """

    def __init__(self, target: str, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.target = urlsplit(target).netloc
        self.faults: list[Fault] = []
        self.always: Fault | None = None
        self.overtaken: bytes | None = None
        self.asked_for_draft = threading.Event()
        self.cacheable = False
        self.batches: list[bytes] = []
        self.over = threading.Event()
        self.held = ""
        self._released = threading.Event()

    def next_fault(self, path: str, body: bytes) -> Fault | None:
        """What to do to this request."""
        if not path.endswith("/api/worker/events"):
            return None
        self.batches.append(body)
        return self.faults.pop(0) if self.faults else self.always

    def release(self) -> None:
        """Let through what is held, and all that follows."""
        self.held = ""
        self._released.set()
        self._released = threading.Event()

    def hold_back(self, path: str, body: bytes) -> None:
        """Come back when this request is no longer held, nor to be overtaken."""
        released = self._released
        if self.held and path.endswith(self.held):
            released.wait(_LONGEST_S)
        if self.overtaken and self.overtaken in body:
            self.asked_for_draft.wait(_LONGEST_S)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    line: FaultyLine

    def do_GET(self) -> None:
        self._forward()

    def do_POST(self) -> None:
        self._forward()

    def do_OPTIONS(self) -> None:
        self._forward()

    def _forward(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        self.close_connection = True
        fault = self.line.next_fault(self.path, body)
        self.line.hold_back(self.path, body)
        if fault is Fault.CUT:
            return
        if fault is Fault.ERROR:
            self._answer(500, [], b"{}", 2)
        else:
            self._pass_on(fault, body)
        if self.path.endswith("/api/worker/draft"):
            self.line.asked_for_draft.set()

    def _pass_on(self, fault: Fault | None, body: bytes) -> None:
        connection = HTTPConnection(self.line.target, timeout=_LONGEST_S)
        try:
            connection.request(self.command, self.path, body, dict(self.headers.items()))
            answer = connection.getresponse()
            content, status = answer.read(), answer.status
            headers = [(name, value) for name, value in answer.getheaders() if name.lower() not in _OWN_HEADERS]
        except OSError:
            return
        finally:
            connection.close()
        if self.line.cacheable:
            headers = [(name, value) for name, value in headers if name.lower() != "cache-control"]
        if fault is Fault.SLOW:
            time.sleep(_SLOW_S)
        if fault is Fault.SILENCE:
            self.line.over.wait(_LONGEST_S)
            return
        if fault is Fault.STORED_ERROR:
            status, content = 500, b"{}"
        sent = len(content) // 2 if fault is Fault.HALF else len(content)
        self._answer(status, headers, content, sent)

    def _answer(self, status: int, headers: list[tuple[str, str]], content: bytes, sent: int) -> None:
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("content-length", str(len(content)))
        self.send_header("connection", "close")
        self.end_headers()
        self.wfile.write(content[:sent])

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the base class names it so
        """Stay silent."""


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that hangs up is what these tests are about."""


@contextmanager
def faulty_line(target: str) -> Iterator[FaultyLine]:
    """A line to `target` for as long as the block runs."""
    handler = type("Handler", (_Handler,), {"timeout": _LONGEST_S})
    server = _Server(("127.0.0.1", 0), handler)
    handler.line = line = FaultyLine(target, server.server_address[1])  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield line
    finally:
        line.over.set()
        line.release()
        line.asked_for_draft.set()
        server.shutdown()
        thread.join()
        server.server_close()
