"""A page on another origin that frames the task, as a marketplace would, and takes the form that comes back."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Marketplace</title>
<style>body{{margin:0}} iframe{{border:0;width:100%;height:700px;display:block}}</style>
<p id="outside">The marketplace's own words stand here.</p>
<iframe id="task-frame" src="{source}"></iframe></html>"""
_TAKEN = "<!doctype html><title>Taken</title><p id='taken'>The marketplace has your work.</p>"


class Marketplace:
    """Received forms by assignment, each as its fields."""

    def __init__(self, port: int) -> None:
        self.origin = f"http://localhost:{port}"
        self.received: dict[str, list[dict[str, str]]] = {}

    def task_link(self, task_url: str, assignment: str, worker: str = "") -> str:
        """The task's address as MTurk makes it."""
        query = {
            "assignmentId": assignment,
            "workerId": worker or f"worker-of-{assignment}",
            "hitId": "HIT1",
            "turkSubmitTo": self.origin,
        }
        return f"{task_url}?{urlencode(query)}"

    def frame_link(self, task_url: str, assignment: str, worker: str = "") -> str:
        """The address of a page of ours that frames the task."""
        return f"{self.origin}/frame?{urlencode({'task': self.task_link(task_url, assignment, worker)})}"


class _Handler(BaseHTTPRequestHandler):
    market: Marketplace

    def do_GET(self) -> None:
        query = parse_qs(urlsplit(self.path).query)
        self._answer(_PAGE.format(source=query.get("task", ["about:blank"])[0].replace("&", "&amp;")))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        self.market.received.setdefault(form["assignmentId"], []).append(form)
        self._answer(_TAKEN)

    def _answer(self, page: str) -> None:
        body = page.encode()
        self.send_response(200)
        self.send_header("content-type", "text/html; charset=utf-8")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the base class names it so
        """Stay silent."""


@contextmanager
def marketplace() -> Iterator[Marketplace]:
    """A marketplace that serves for as long as the block runs."""
    handler = type("Handler", (_Handler,), {})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    handler.market = market = Marketplace(server.server_address[1])  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield market
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
