"""Requests take turns at the database: no more at once than it has connections.

A request moves between threads (dependencies, route, cleanup) and keeps its connection. Without a limit, requests that
hold a connection wait for threads that all wait for connections.
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
    """Slots for concurrent requests, half for each audience, so that a busy dashboard keeps no worker waiting."""

    def __init__(self, connections: int = CONNECTIONS, wait_s: float = _WAIT_S) -> None:
        self._each = max(1, connections // 2)
        self._wait_s = wait_s
        # A server has one event loop; tests have many.
        self._turns: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[Audience, asyncio.Semaphore]] = (
            WeakKeyDictionary()
        )

    @asynccontextmanager
    async def turn(self, audience: Audience) -> AsyncIterator[None]:
        """Wait for a slot without holding a thread or a connection. Raises Unavailable after ten seconds."""
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
