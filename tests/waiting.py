"""Wait for observable conditions instead of sleeping."""

import socket
import time
from collections.abc import Callable
from typing import TypeVar

_Found = TypeVar("_Found")
_FIRST_STEP_S = 0.02
# Looking costs the server processor time that what is waited for may need.
_LONGEST_STEP_S = 0.25


def until(look: Callable[[], _Found], what: str, seconds: float = 60) -> _Found:
    """Look again and again until there is something to see, and return it. Fails the test if it never comes."""
    deadline, step = time.monotonic() + seconds, _FIRST_STEP_S
    while not (found := look()):
        assert time.monotonic() < deadline, f"waited {seconds} s for {what}"
        time.sleep(step)
        step = min(1.2 * step, _LONGEST_STEP_S)
    return found


def free_port() -> int:
    """A port on which nothing listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
