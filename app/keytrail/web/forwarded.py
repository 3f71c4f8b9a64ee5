"""Know proxies: whose forwarded headers count, and a warning about those that are ignored.

Usually a proxy is missing from the settings. Then all its visitors would share its address and its limits.
"""

import logging
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from keytrail.settings import Settings

_log = logging.getLogger("keytrail")
_MOST: Final = 100
"""Limit on remembered addresses and therefore on warnings: outsiders can send these headers too."""
_ANY: Final = "*"
_READ: Final = {b"x-forwarded-for": "X-Forwarded-For", b"x-forwarded-proto": "X-Forwarded-Proto"}
_FORWARDED: Final = b"forwarded"

Trusted = tuple[IPv4Network | IPv6Network, ...]


def trusted_networks(settings: Settings) -> Trusted:
    """Return the networks of KEYTRAIL_TRUSTED_PROXIES, without "*"."""
    return tuple(ip_network(network) for network in settings.trusted_proxies if network != _ANY)


def is_trusted(peer: str, trusted: Trusted) -> bool:
    """Whether an address is in one of the networks."""
    try:
        address = ip_address(peer)
    except ValueError:
        return False
    return any(address in network for network in trusted)


class ForwardedHeaders:
    """ASGI middleware, outside of what reads the headers: warn once for each peer whose forwarded headers are ignored.

    A peer that reaches an IPv6 socket by IPv4 (::ffff:10.0.0.1) gets its IPv4 address, as settings and limits have it.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self._trusted = trusted_networks(settings)
        self._trusts_all = _ANY in settings.trusted_proxies
        self._seen: set[str] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check the headers, and pass the request on."""
        if scope["type"] == "http" and scope.get("client"):
            host, port = scope["client"]
            peer = _as_ipv4(str(host))
            if peer != host:
                scope = {**scope, "client": (peer, port)}
            self._look(peer, {name for name, _ in scope["headers"]})
        await self.app(scope, receive, send)

    def _look(self, peer: str, names: set[bytes]) -> None:
        sent = sorted(_READ[name] for name in names & _READ.keys())
        if not sent and _FORWARDED not in names:
            return
        if peer in self._seen or len(self._seen) >= _MOST:
            return
        if not self._trusts_all and not is_trusted(peer, self._trusted):
            self._seen.add(peer)
            _log.warning(
                "%s from %s is ignored. If this is your proxy, add it to KEYTRAIL_TRUSTED_PROXIES.",
                (sent or ["Forwarded"])[0],
                peer,
            )
        elif b"x-forwarded-for" not in names and _FORWARDED in names:
            self._seen.add(peer)
            _log.warning("Forwarded from %s is not read: let this proxy send X-Forwarded-For as well.", peer)


def _as_ipv4(host: str) -> str:
    if not host.startswith("::"):
        return host
    try:
        address = ip_address(host)
    except ValueError:
        return host
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return str(mapped) if mapped else host
