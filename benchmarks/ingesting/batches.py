"""Batches of 50 events as requests, in the order in which page loads would send them."""

import json
from collections.abc import Iterator, Sequence
from itertools import cycle, islice

from benchmarks.ingesting.client import request
from benchmarks.ingesting.sessions import sessions
from keytrail.worker.events import PATH

EVENTS = 50
PER_PAGE_LOAD = 60
"""Batches of one page load: about 1,000 keystrokes."""
_SESSIONS = 8
_KEYS = 1100
_SECONDS = 8
"""Roughly the time in which a person makes 50 events."""


class Batches:
    """Makes requests from a few simulated sessions, which all page loads repeat."""

    def __init__(self, tickets: Sequence[str]) -> None:
        self._tickets = iter(tickets)
        self.texts = [
            [
                json.dumps(events[first : first + EVENTS], separators=(",", ":")).encode()
                for first in range(0, EVENTS * PER_PAGE_LOAD, EVENTS)
            ]
            for events in sessions(_SESSIONS, _KEYS)
        ]

    def connections(self, path: str, count: int, each: int) -> list[Iterator[bytes]]:
        """Return requests for each connection; they begin with a page load that has no events yet."""
        return [islice(self._requests(path, number), each) for number in range(count)]

    def _requests(self, path: str, number: int) -> Iterator[bytes]:
        for texts in islice(cycle(self.texts), number % len(self.texts), None):
            ticket = next(self._tickets) if path == PATH else "x" * 60
            for place, events in enumerate(texts):
                at = place * _SECONDS * 1000
                head = f'{{"v":1,"ticket":"{ticket}","seq":{place * EVENTS},"perf":{at}.5,"wall":{1767225600000 + at}'
                yield request(path, b'%s,"events":%s}' % (head.encode(), events))


def page_loads(connections: int, each: int) -> int:
    """Return how many page loads one run uses."""
    return connections * -(-each // PER_PAGE_LOAD)
