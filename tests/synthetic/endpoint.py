"""A real HTTP server with the chat completions protocol that fails on request."""

import json
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOKENS = 100


class Endpoint(ThreadingHTTPServer):
    """Answers every request with a numbered text, after the troubles that were queued.

    A trouble is a status, "hang" (no answer until the server ends), "cut" (a closed connection), "nonsense" (no chat
    completion) or "short" (a refusal).
    """

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.troubles: deque[int | str] = deque()
        self.ended = threading.Event()
        self.answered = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


class _Handler(BaseHTTPRequestHandler):
    server: Endpoint

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.keys.append(self.headers.get("authorization"))
        trouble = self.server.troubles.popleft() if self.server.troubles else None
        if self.path != "/v1/chat/completions":
            self._say(404, {"error": "no such path"})
        elif isinstance(trouble, int):
            self._say(trouble, {"error": {"message": "trouble"}}, {"retry-after": "7"} if trouble == 429 else {})
        elif trouble == "hang":
            self.server.ended.wait()
        elif trouble == "cut":
            self.close_connection = True
        elif trouble == "nonsense":
            self._say(200, {"choices": []})
        elif trouble == "short":
            self._say(200, self._completion(body, "I cannot help with that."))
        else:
            self.server.asked.append(body)
            self.server.answered += 1
            text = f"Text number {self.server.answered} about what was asked, long enough to be taken for a summary."
            self._say(200, self._completion(body, text))

    def _completion(self, body: dict[str, Any], text: str) -> dict[str, Any]:
        message = {"role": "assistant", "content": text}
        usage = {"prompt_tokens": 60, "completion_tokens": 40, "total_tokens": TOKENS}
        return {"model": f"{body['model']}-2026", "choices": [{"index": 0, "message": message}], "usage": usage}

    def _say(self, status: int, answer: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        raw = json.dumps(answer).encode()
        self.send_response(status)
        for name, value in {
            "content-type": "application/json",
            "content-length": str(len(raw)),
            **(headers or {}),
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the library's name
        pass


@contextmanager
def serving() -> Iterator[Endpoint]:
    """The endpoint on a port of its own."""
    server = Endpoint()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.ended.set()
        server.shutdown()
        thread.join()
        server.server_close()
