"""The second host name of the server, which serves only requesters' pages."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from keytrail.sandbox.config import SandboxConfig
from keytrail.sandbox.site.submit import SUBMIT_PATH

_SERVED = ("/content/", "/static/")


def is_content_host(config: SandboxConfig, host: str | None) -> bool:
    """Return whether a Host header names the origin of requesters' pages."""
    return config.content is not None and host == urlsplit(config.content).netloc


class ContentHost:
    """Security: a requester's page can request anything from its own origin, so neither the site nor the API is there.

    A form with a relative address is redirected to where forms are accepted.
    """

    def __init__(self, app: ASGIApp, config: SandboxConfig) -> None:
        self.app = app
        self._config = config

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] == "http" and is_content_host(self._config, Headers(scope=scope).get("host")):
            await self._on_content_host(scope)(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def _on_content_host(self, scope: Scope) -> ASGIApp:
        path: str = scope["path"]
        if path.startswith(_SERVED):
            return self.app
        answer: Response = PlainTextResponse("There is nothing here but requesters' pages.", status_code=404)
        if path == SUBMIT_PATH:
            answer = RedirectResponse(f"{self._config.public_origin}{SUBMIT_PATH}", status_code=307)
        return answer
