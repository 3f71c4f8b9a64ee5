"""Stop long-running requests when the server stops."""

import asyncio
from typing import Final

STOPPING: Final = "stopping"
"""Its name in the state of the application's lifespan."""


class Stopping:
    """An event that wakes waiting requests when the server stops. A server has one event loop and one such event."""

    def __init__(self) -> None:
        self._begun = False
        self._waiting: set[asyncio.Event] = set()

    def begin(self) -> None:
        """Record that the server stops."""
        self._begun = True
        for each in tuple(self._waiting):
            each.set()

    async def wait(self, seconds: float) -> bool:
        """Wait this long, or until the server stops; return whether it stops."""
        if self._begun:
            return True
        woken = asyncio.Event()
        self._waiting.add(woken)
        try:
            async with asyncio.timeout(seconds):
                await woken.wait()
        except TimeoutError:
            pass
        finally:
            self._waiting.discard(woken)
        return self._begun
