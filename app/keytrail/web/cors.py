"""Answers that pages of other origins may read: parts of the worker's API, and nothing else."""

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

_PREFIX = "/api/worker/"
_TICKETED = frozenset({"/api/worker/events", "/api/worker/draft", "/api/worker/submission"})
"""What a page asks with the ticket in its body: whoever has no ticket learns nothing."""
_NO_ORIGIN = "null"


class WorkerCors:
    """ASGI middleware: CORS below /api/worker/ only, and never with cookies, which this API does not know.

    Configured origins may embed the recorder. Our own task page has no origin in a frame that is sandboxed without
    `allow-same-origin`, as some platforms make theirs; there it may send its log and its text.
    """

    def __init__(self, app: ASGIApp, origins: tuple[str, ...]) -> None:
        self.app = app
        self._embedding = _shared(app, origins) if origins else app
        self._sandboxed = _shared(app, (_NO_ORIGIN,))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let Starlette's middleware see the worker's API alone."""
        app = self.app
        if scope["type"] == "http" and scope["path"].startswith(_PREFIX):
            app = self._sandboxed if _comes_from_a_sandbox(scope) else self._embedding
        await app(scope, receive, send)


def _shared(app: ASGIApp, origins: tuple[str, ...]) -> CORSMiddleware:
    return CORSMiddleware(
        app, allow_origins=origins, allow_methods=["POST"], allow_headers=["content-type"], max_age=3600
    )


def _comes_from_a_sandbox(scope: Scope) -> bool:
    return scope["path"] in _TICKETED and (b"origin", _NO_ORIGIN.encode()) in scope["headers"]
