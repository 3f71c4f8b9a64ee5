"""Warn about forwarded headers from a peer that is not a trusted proxy, usually a proxy missing from the settings."""

import logging

from starlette.types import ASGIApp, Receive, Scope, Send

from keytrail.web.requests import header

_log = logging.getLogger("keytrail")
_MOST = 100
"""Limit on remembered addresses and therefore on warnings: outsiders can send this header too."""


class ForwardedHeaders:
    """ASGI middleware: warn once for each address whose X-Forwarded-For is ignored.

    For a trusted proxy the web server has already replaced the peer by an address from the header.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._seen: set[str] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check the header, and pass the request on."""
        forwarded = header(scope, b"x-forwarded-for") if scope["type"] == "http" else ""
        if forwarded and scope.get("client"):
            self._look(str(scope["client"][0]), forwarded)
        await self.app(scope, receive, send)

    def _look(self, address: str, forwarded: str) -> None:
        if address in forwarded or address in self._seen or len(self._seen) >= _MOST:
            return
        self._seen.add(address)
        _log.warning(
            "X-Forwarded-For from %s is ignored. If this is your proxy, add it to KEYTRAIL_TRUSTED_PROXIES.", address
        )
