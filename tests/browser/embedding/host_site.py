"""Another web site: the documentation's examples, served from a separate origin, and the forms that it receives."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from tests.browser.embedding.bundles import PAGES

_ROOT = Path(__file__).parents[3]
_EXAMPLES = _ROOT / "docs" / "examples"
_PACKAGES = _ROOT / "node_modules"
_FILES = {
    "jspsych.js": _PACKAGES / "jspsych/dist/index.browser.min.js",
    "jspsych.css": _PACKAGES / "jspsych/css/jspsych.css",
    "plugin-survey-text.js": _PACKAGES / "@jspsych/plugin-survey-text/dist/index.browser.min.js",
}
_TYPES = {".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css"}
_PLACEHOLDER = "https://keytrail.example"


class HostSite:
    """`received` are the forms' fields, in the order in which they came. The same pages stand at two origins.

    `bundles` is a folder with the bundled scripts of frameworks.
    """

    def __init__(self, port: int, bundles: Path) -> None:
        self._folders = (bundles, _EXAMPLES, PAGES)
        self.origin = f"http://localhost:{port}"
        self.other_origin = f"http://127.0.0.1:{port}"
        self.keytrail_url = _PLACEHOLDER
        self.received: list[dict[str, str]] = []

    def file(self, name: str) -> tuple[bytes, str] | None:
        """A file's content and type; the examples name the server under test."""
        found = [path for path in (_FILES.get(name), *(folder / name for folder in self._folders)) if path]
        path = next(filter(Path.is_file, found), None)
        if path is None:
            return None
        content = path.read_bytes()
        if path.suffix == ".html" or path.parent == _EXAMPLES:
            content = content.replace(_PLACEHOLDER.encode(), self.keytrail_url.encode())
        return content, _TYPES[path.suffix]


class _Handler(BaseHTTPRequestHandler):
    site: HostSite

    def do_GET(self) -> None:
        found = self.site.file(urlsplit(self.path).path.lstrip("/"))
        self._answer(200 if found else 404, *(found or (b"", "text/plain")))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        fields = parse_qs(body, keep_blank_values=True)
        self.site.received.append({name: values[0] for name, values in fields.items()})
        self._answer(200, b"<!doctype html><p id=thanks>Thank you.</p>", _TYPES[".html"])

    def _answer(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the base class names it so
        """Stay silent."""


@contextmanager
def host_site(bundles: Path) -> Iterator[HostSite]:
    """The site, for as long as the block runs."""
    handler = type("Handler", (_Handler,), {})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    handler.site = site = HostSite(server.server_address[1], bundles)  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
