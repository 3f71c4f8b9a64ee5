"""Give each request an id and a log line, and an answer even if something fails."""

import logging
import re
import secrets
import time
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from keytrail.metrics import REQUEST_SECONDS
from keytrail.web.audience import Audience, audience_of
from keytrail.web.logs import ACCESS, logged_path, request_id

_HEADER = b"x-request-id"
_GIVEN = re.compile(rb"[A-Za-z0-9._-]{8,64}")
_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
_ERROR = 400
_log = logging.getLogger(ACCESS)

Answer = Callable[[Request, Exception], Response]


class RequestIds:
    """ASGI middleware: a request id (a trusted proxy's, if valid) in X-Request-ID and the log."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Log method, path, status and milliseconds. The query is left out because it contains worker ids."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = next((value for name, value in scope["headers"] if name == _HEADER), b"")
        own = given if _GIVEN.fullmatch(given) else secrets.token_hex(8).encode()
        request_id.set(own.decode())
        began = time.perf_counter()

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), (_HEADER, own)]
                _record(scope, message["status"], time.perf_counter() - began)
            await send(message)

        await self.app(scope, receive, send_with_id)


def _record(scope: Scope, status: int, spent_s: float) -> None:
    """Count an answer, and write its line; one to a probe, which comes every few seconds, only if it failed."""
    audience = audience_of(scope["path"])
    method = scope["method"] if scope["method"] in _METHODS else "other"
    REQUEST_SECONDS.labels(audience, method, f"{status // 100}xx").observe(spent_s)
    if _log.isEnabledFor(logging.INFO) and (audience is not Audience.PROBE or status >= _ERROR):
        _log.info("%s %s %d %.0f ms", scope["method"], logged_path(scope), status, spent_s * 1000)


class Failures:
    """ASGI middleware: answer unexpected errors with the usual 500 and the usual headers.

    Starlette answers such errors outside all middleware. The error is raised again so that the server logs it.
    """

    def __init__(self, app: ASGIApp, answer: Answer) -> None:
        self.app = app
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer if no response has been started."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def send_and_record(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, receive, send_and_record)
        except Exception as error:
            if not started:
                await self._answer(Request(scope), error)(scope, receive, send)
            raise


def header(scope: Scope, name: bytes) -> str:
    """Return a request header by its lower-case name, or an empty string."""
    found: Any = next((value for key, value in scope["headers"] if key == name), b"")
    return str(found.decode("latin-1"))
