"""The site with the page on which both recorders run; its server accepts batches as Keytrail would."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from benchmarks.ingesting.sessions import Batch
from keytrail.resources import STATIC
from keytrail.web.scripts import served_script

RECORDER = STATIC / "recorder" / "recorder.js"
RRWEB = Path(__file__).parents[2] / "node_modules/rrweb/dist/rrweb.umd.min.cjs"
_HERE = Path(__file__).parent
_HTML, _SCRIPT = "text/html; charset=utf-8", "text/javascript"
# Only an isolated page gets a clock of 5 microseconds; others get 100.
_ISOLATED = {"cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp"}


class Site:
    """`batches` are those sent since the last page was opened."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}/page.html"
        self.batches: list[Batch] = []
        self.files = {
            "/page.html": ((_HERE / "page.html").read_bytes(), _HTML),
            "/probe.js": ((_HERE / "probe.js").read_bytes(), _SCRIPT),
            "/recorder.js": (served_script(RECORDER), _SCRIPT),
            "/rrweb.js": (RRWEB.read_bytes(), _SCRIPT),
        }

    def take(self, body: bytes) -> bytes:
        """Keep a batch and acknowledge it."""
        sent = json.loads(body)
        self.batches.append(Batch(sent["seq"], sent["events"]))
        return b'{"committed":%d}' % (sent["seq"] + len(sent["events"]) - 1)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Ignore a browser that disconnected."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    site: Site

    def do_GET(self) -> None:
        found = self.site.files.get(self.path)
        self._answer(200 if found else 404, *(found or (b"", _HTML)))

    def do_POST(self) -> None:
        self._answer(200, self.site.take(self.rfile.read(int(self.headers["content-length"]))), "application/json")

    def _answer(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        for name, value in (_ISOLATED | {"content-type": kind, "content-length": str(len(body))}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the base class names it so
        """Log nothing."""


@contextmanager
def serve() -> Iterator[Site]:
    """Serve the site while the block runs."""
    handler = type("Handler", (_Handler,), {})
    server = _Server(("127.0.0.1", 0), handler)
    handler.site = site = Site(server.server_address[1])  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
