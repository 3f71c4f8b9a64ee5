"""Limit how many sign-ins a process works on at once: each takes a thread that other pages need too."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from keytrail.errors import Unavailable

_RETRY_S: Final = 2


class SignInSlots:
    """Let a few run at once and a few more wait; raise Unavailable for the others."""

    def __init__(self, at_once: int, waiting: int) -> None:
        self._present = threading.BoundedSemaphore(at_once + waiting)
        self._working = threading.BoundedSemaphore(at_once)

    @contextmanager
    def admitted(self) -> Iterator[None]:
        """Hold a place among the running and waiting. Raises Unavailable with `retry_after` at once if there
        is none.
        """
        if not self._present.acquire(blocking=False):
            raise busy()
        try:
            yield
        finally:
            self._present.release()

    @contextmanager
    def working(self) -> Iterator[None]:
        """Wait for a turn after admission, and hold it."""
        with self._working:
            yield


def busy() -> Unavailable:
    """Return the error for whoever has to sign in a little later."""
    return Unavailable(
        "Many people are signing in at the moment. Please try again in a few seconds.", retry_after=_RETRY_S
    )
