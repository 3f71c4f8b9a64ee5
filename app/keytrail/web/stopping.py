"""What goes on for long, and ends when the server is told to stop."""

import asyncio
from typing import Final

STOPPING: Final = "stopping"
"""Its name in the state of the application's lifespan."""


class Stopping:
    """Known to whatever waits: a stop wakes it at once. All in one event loop; a server has one."""

    def __init__(self) -> None:
        self._begun = False
        self._waiting: set[asyncio.Event] = set()

    def begin(self) -> None:
        """The server was told to stop."""
        self._begun = True
        for each in tuple(self._waiting):
            each.set()

    async def wait(self, seconds: float) -> bool:
        """Wait so long, or until the server stops; whether it does."""
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
