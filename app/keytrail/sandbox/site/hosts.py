"""The host names under which the marketplace answers."""

from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from keytrail.sandbox.config import SandboxConfig

_THIS_MACHINE: Final = {"localhost", "127.0.0.1", "::1"}


class OwnHosts:
    """Refuse requests for other names: a page whose name is made to lead here could otherwise act as a worker's own."""

    def __init__(self, app: ASGIApp, config: SandboxConfig) -> None:
        self.app = app
        origins = (config.public_origin, config.content or "")
        self._own = _THIS_MACHINE | {name for origin in origins if (name := urlsplit(origin).hostname)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Compare the Host header, without its port."""
        if scope["type"] == "http" and _name(Headers(scope=scope).get("host", "")) not in self._own:
            text = "This marketplace does not answer under this name. Its address is set with --origin."
            await PlainTextResponse(text, status_code=400)(scope, receive, send)
            return
        await self.app(scope, receive, send)


def _name(host: str) -> str:
    if set("@/\\?#") & set(host):
        return ""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
