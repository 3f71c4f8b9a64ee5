"""Security headers and a limit on request bodies."""

from collections.abc import Sequence

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send


def content_policy(frames: Sequence[str] | None = None, ancestors: str = "'none'") -> str:
    """Return the Content-Security-Policy of a page that may frame `frames` (origins; None: no frames) within
    `ancestors`.

    A page with a frame also frames the marketplace itself, because the task's form ends on our "thank you" page.
    """
    frame_src = "'none'" if frames is None else " ".join(["'self'", *frames])
    return (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
        f"frame-src {frame_src}; frame-ancestors {ancestors}"
    )


class SafeHeaders:
    """Add to every response the headers that it does not set itself."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("Content-Security-Policy", content_policy())
                headers.setdefault("X-Content-Type-Options", "nosniff")
                headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self.app(scope, receive, send_with_headers)


class BodyLimit:
    """Refuse bodies that are larger than anything a requester or a task needs to send."""

    most_bytes = 2_000_000

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request, counting its body."""
        taken = 0

        async def receive_counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self.most_bytes:
                raise HTTPException(status_code=413)
            return message

        await self.app(scope, receive_counted, send)
