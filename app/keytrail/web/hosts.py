"""The host names under which this server answers."""

from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from keytrail.errors import BadRequest
from keytrail.settings import Settings
from keytrail.web.audience import PROBES
from keytrail.web.requests import Answer, header

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_ANY = "*"
_MOST_SEEN = 64  # with ports; browsers send one or two
_NOT_A_HOST = set("@/\\?#")


class KnownHosts:
    """ASGI middleware: refuse requests for other hosts, whose pages could imitate ours or poison caches."""

    def __init__(self, app: ASGIApp, settings: Settings, answer: Answer) -> None:
        self.app = app
        self._answer = answer
        public = urlsplit(settings.public_url).hostname or ""
        self._seen: set[str] = set()
        self._known = {public, settings.host.lower(), *_LOOPBACK, *(name.lower() for name in settings.allowed_hosts)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Compare the Host header, ignoring port and case."""
        if scope["type"] == "http" and scope["path"] not in PROBES and not self._is_ours(header(scope, b"host")):
            unknown = BadRequest(
                "This server does not answer under this name. Use its usual address. Whoever runs it can allow the "
                "name: the settings are KEYTRAIL_PUBLIC_URL and KEYTRAIL_ALLOWED_HOSTS.",
                code="unknown_host",
            )
            await self._answer(Request(scope), unknown)(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _is_ours(self, host: str) -> bool:
        if host in self._seen:
            return True
        ours = _ANY in self._known or _name(host) in self._known
        if ours and len(self._seen) < _MOST_SEEN:
            self._seen.add(host)
        return ours


def _name(host: str) -> str:
    if _NOT_A_HOST & set(host):
        return ""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
