"""Answers that pages of other origins may read: the worker's API, for configured origins, and nothing else."""

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

_PREFIX = "/api/worker/"


class WorkerCors:
    """ASGI middleware: CORS below /api/worker/ only, and never with cookies, which this API does not know."""

    def __init__(self, app: ASGIApp, origins: tuple[str, ...]) -> None:
        self.app = app
        self._shared = CORSMiddleware(
            app, allow_origins=origins, allow_methods=["POST"], allow_headers=["content-type"], max_age=3600
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let Starlette's middleware see the worker's API alone."""
        shared = scope["type"] == "http" and scope["path"].startswith(_PREFIX)
        await (self._shared if shared else self.app)(scope, receive, send)
