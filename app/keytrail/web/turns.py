"""Turns at the database: as many requests at once as there are connections for them.

A request goes from thread to thread (its dependencies, its route, its end) and keeps its connection in between. Without
turns, requests that have a connection wait for threads, all of which wait for connections.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakKeyDictionary

from keytrail.db import CONNECTIONS
from keytrail.errors import Unavailable
from keytrail.language import message
from keytrail.web.audience import Audience

_WAIT_S = 10.0


class Turns:
    """Half of the connections for each audience, so that a crowded dashboard keeps no worker waiting."""

    def __init__(self, connections: int = CONNECTIONS, wait_s: float = _WAIT_S) -> None:
        self._each = max(1, connections // 2)
        self._wait_s = wait_s
        # A server has one event loop; tests have many.
        self._turns: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[Audience, asyncio.Semaphore]] = (
            WeakKeyDictionary()
        )

    @asynccontextmanager
    async def turn(self, audience: Audience) -> AsyncIterator[None]:
        """Wait without a thread and without a connection. Raises Unavailable after ten seconds."""
        turns = self._turns.setdefault(asyncio.get_running_loop(), {})
        semaphore = turns.setdefault(audience, asyncio.Semaphore(self._each))
        try:
            async with asyncio.timeout(self._wait_s):
                await semaphore.acquire()
        except TimeoutError:
            raise Unavailable(message("The server is busy. Please try again in a moment.")) from None
        try:
            yield
        finally:
            semaphore.release()
