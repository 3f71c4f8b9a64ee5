"""Take headers that name a signed-in person from trusted proxies only."""

import logging

from starlette.types import ASGIApp, Receive, Scope, Send

from keytrail.settings import Settings
from keytrail.web.forwarded import is_trusted, trusted_networks

_log = logging.getLogger("keytrail")
_MOST = 100
"""Limit on remembered addresses and therefore on warnings: outsiders can send this header too."""
_NO_PROXY = (
    "A header that names a signed-in person came from %s and was ignored. If this is your proxy, add it to "
    "KEYTRAIL_TRUSTED_PROXIES; otherwise somebody tried to sign in as another person."
)
_TWICE = (
    "A header that names a signed-in person came twice from the proxy %s and was ignored: one of them may be the "
    "browser's. Let the proxy remove what browsers send."
)
_PARTS = ("", "-email", "-name", "-groups")


class ProxyIdentityHeaders:
    """ASGI middleware: remove KEYTRAIL_REMOTE_USER_HEADER and its companions unless a trusted proxy sent them, each
    once.

    It has to see the connection's own peer, so it is outside of whatever puts the address of X-Forwarded-For there.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        name = (settings.remote_user_header or "").lower()
        self._names = {(name + part).encode() for part in _PARTS} if name else set()
        self._trusted = trusted_networks(settings)
        self._seen: set[str] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, without these headers if it comes from elsewhere."""
        if self._names and scope["type"] == "http" and any(name in self._names for name, _ in scope["headers"]):
            peer = str((scope.get("client") or ("",))[0])
            if not is_trusted(peer, self._trusted):
                self._warn(_NO_PROXY, peer)
                scope = self._without(scope)
            elif self._twice(scope):
                self._warn(_TWICE, peer)
                scope = self._without(scope)
        await self.app(scope, receive, send)

    def _twice(self, scope: Scope) -> bool:
        sent = [name for name, _ in scope["headers"] if name in self._names]
        return len(sent) > len(set(sent))

    def _without(self, scope: Scope) -> Scope:
        return {**scope, "headers": [one for one in scope["headers"] if one[0] not in self._names]}

    def _warn(self, sentence: str, peer: str) -> None:
        if peer not in self._seen and len(self._seen) < _MOST:
            self._seen.add(peer)
            _log.warning(sentence, peer)
