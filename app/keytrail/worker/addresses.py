"""Limit the writing sessions that one network address may begin within an hour.

Counted in memory by each server process: workers' addresses are never stored.
"""

import threading
from collections import OrderedDict, deque
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

from keytrail.errors import TooMany
from keytrail.language import counted_message

_HOUR = timedelta(hours=1)
_MOST_ADDRESSES = 10_000


class Addresses:
    """Recent sessions by address. For IPv6 the first 64 bits count, which one household or laboratory has."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._turn = threading.Lock()
        self._begun: OrderedDict[str, deque[datetime]] = OrderedDict()

    def require_room(self, address: str, now: datetime) -> None:
        """Raises TooMany, with the time of the next attempt, if this address has begun as many as it may within an
        hour.
        """
        with self._turn:
            times = self._lately(network_of(address), now)
            if len(times) < self._most:
                return
            minutes = int((times[0] + _HOUR - now).total_seconds() // 60) + 1
        raise TooMany(
            counted_message(
                "%(most)s tasks were begun from your network within an hour, more than this server takes at a time. "
                "Many people may share one network. Please try again in %(count)s minute; this does not count against "
                "you.",
                "%(most)s tasks were begun from your network within an hour, more than this server takes at a time. "
                "Many people may share one network. Please try again in %(count)s minutes; this does not count against "
                "you.",
                minutes,
                most=self._most,
            ),
            code="network_busy",
            detail={"retry_after_seconds": minutes * 60},
        )

    def note(self, address: str, now: datetime) -> None:
        """Count one more from this address."""
        with self._turn:
            network = network_of(address)
            times = self._lately(network, now)
            times.append(now)
            self._begun[network] = times
            self._begun.move_to_end(network)
            while len(self._begun) > _MOST_ADDRESSES:
                self._begun.popitem(last=False)

    def _lately(self, network: str, now: datetime) -> deque[datetime]:
        times = self._begun.get(network, deque())
        while times and now - times[0] >= _HOUR:
            times.popleft()
        return times


def network_of(address: str) -> str:
    """Return what counts as one address: an IPv4 address, or the first 64 bits of an IPv6 address."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        return str(parsed.ipv4_mapped or IPv6Address(int(parsed) >> 64 << 64))
    return str(parsed)
