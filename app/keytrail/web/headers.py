"""Security headers by audience: marketplaces may frame task pages, nobody may frame anything else."""

from collections.abc import Iterable

from starlette.datastructures import MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from keytrail.platforms.registry import KNOWN_FRAME_ANCESTORS, KNOWN_SUBMIT_ORIGINS
from keytrail.settings import Settings
from keytrail.web.audience import Audience, audience_of

_ERROR = 400
_COMMON = {
    "x-content-type-options": "nosniff",
    # Addresses of task pages contain platform ids, so they are never sent as a referrer.
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


class SecurityHeaders:
    """ASGI middleware that adds the headers of the path's audience."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self._task = _COMMON | {"content-security-policy": task_policy(settings), "cache-control": "no-store"}
        self._closed = _COMMON | {
            # With no referrer at all, browsers send "null" as the origin of a form, and by plain http a server learns
            # nothing else.
            "referrer-policy": "same-origin",
            "content-security-policy": closed_policy(),
            "x-frame-options": "DENY",
            "cross-origin-opener-policy": "same-origin",
            "cache-control": "no-store",
        }
        # Public files: other sites load the embeddable recorder from here, including cross-origin isolated pages.
        self._static = {
            "x-content-type-options": "nosniff",
            "cache-control": "public, max-age=31536000, immutable",
            "access-control-allow-origin": "*",
            "cross-origin-resource-policy": "cross-origin",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the headers that the response does not set itself."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = scope["path"]

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = MutableHeaders(scope=message)
                for name, value in self._headers_for(path, message["status"]).items():
                    present.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_with_headers)

    def _headers_for(self, path: str, status: int) -> dict[str, str]:
        audience = audience_of(path)
        if audience is Audience.WORKER:
            return self._task
        # A cache that stored a refusal for a year would keep a file from everybody who comes after.
        return self._static if audience is Audience.STATIC and status < _ERROR else self._closed


def task_policy(settings: Settings) -> str:
    """Return the policy of task pages: our own scripts and styles only; forms to us and to allowed marketplaces."""
    submit = _unique(("'self'", *KNOWN_SUBMIT_ORIGINS, *settings.submit_origins))
    ancestors = _unique(("'self'", *KNOWN_FRAME_ANCESTORS, *settings.frame_ancestors))
    return _policy(form_action=submit, frame_ancestors=ancestors)


def closed_policy() -> str:
    """Return the strictest policy for a page with a style sheet and a script."""
    return _policy(form_action="'self'", frame_ancestors="'none'")


def _policy(form_action: str, frame_ancestors: str) -> str:
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        f"connect-src 'self'; base-uri 'none'; form-action {form_action}; frame-ancestors {frame_ancestors}"
    )


def _unique(values: Iterable[str]) -> str:
    return " ".join(dict.fromkeys(values))


_PREFIX = "/api/worker/"
_NO_ORIGIN = "null"


class WorkerCors:
    """ASGI middleware: CORS below /api/worker/ only, and never with cookies, which this API does not use.

    Configured origins may embed the recorder. Pages in a frame that is sandboxed without `allow-same-origin`, as some
    platforms make theirs, have no origin; they may read the answers too. Tickets, not origins, protect what is stored.
    """

    def __init__(self, app: ASGIApp, origins: tuple[str, ...]) -> None:
        self.app = app
        self._embedding = _shared(app, origins) if origins else app
        self._sandboxed = _shared(app, (_NO_ORIGIN,))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Apply Starlette's CORS middleware to the worker API only."""
        app = self.app
        if scope["type"] == "http" and scope["path"].startswith(_PREFIX):
            app = self._sandboxed if _comes_from_a_sandbox(scope) else self._embedding
        await app(scope, receive, send)


def _shared(app: ASGIApp, origins: tuple[str, ...]) -> CORSMiddleware:
    return CORSMiddleware(
        app, allow_origins=origins, allow_methods=["POST"], allow_headers=["content-type"], max_age=3600
    )


def _comes_from_a_sandbox(scope: Scope) -> bool:
    return (b"origin", _NO_ORIGIN.encode()) in scope["headers"]
