"""Redirects of the framework name the host that the request named; ours is the public URL."""

from urllib.parse import urlsplit, urlunsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class PublicRedirects:
    """ASGI middleware that sends whoever is redirected within this server to the public URL.

    Starlette redirects an address with a slash too many to `http://<Host header>/…`: with a host that somebody else
    chose, or with http where a proxy speaks https.
    """

    def __init__(self, app: ASGIApp, public_url: str) -> None:
        self.app = app
        self._public = urlsplit(public_url)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Change the address of a redirect to the host that was asked; others and relative ones stay."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        asked = Headers(scope=scope).get("host", "")

        async def send_to_public(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                where = urlsplit(headers.get("location", ""))
                if where.netloc and where.netloc == asked:
                    ours = where._replace(scheme=self._public.scheme, netloc=self._public.netloc)
                    headers["location"] = urlunsplit(ours)
            await send(message)

        await self.app(scope, receive, send_to_public)
