"""Threads of one process take turns at SQLite's write lock, in the order of their arrival and ingest first.

SQLite itself has no queue: whoever finds the lock taken sleeps for up to 100 ms and tries again, and may find it taken
by somebody who came later. Under a flood of page loads a batch of events was overtaken like that for seconds.
"""

import threading
from collections import deque
from contextlib import suppress


class WriteQueue:
    """One lock, which any thread may release for another: a request ends its transaction in another thread."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._taken = False
        self._waiting: deque[threading.Lock] = deque()

    def acquire(self, wait_s: float, *, first: bool = False) -> bool:
        """Wait for a turn, `first` before all others who wait. False if there was none in so many seconds."""
        with self._guard:
            if not self._taken:
                self._taken = True
                return True
            turn = threading.Lock()
            turn.acquire()
            if first:
                self._waiting.appendleft(turn)
            else:
                self._waiting.append(turn)
        if turn.acquire(timeout=wait_s):
            return True
        with self._guard, suppress(ValueError):
            self._waiting.remove(turn)
            return False
        return True  # it was given the turn at the last moment

    def release(self) -> None:
        """Give the turn to the next, if any."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False

    @property
    def waiting(self) -> int:
        """How many callers wait for their turn, without the one that has it."""
        return len(self._waiting)
