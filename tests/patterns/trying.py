"""The child process: try every pattern on every hostile text, and name the first that takes too long."""

import signal
import sys
from types import FrameType
from typing import Any

from tests.patterns.finding import Used, all_patterns
from tests.patterns.hostile import hostile_texts

# Processor time, so that a busy machine changes nothing. Linear patterns take milliseconds, quadratic ones a minute.
BOUND_S = 4.0


class TooSlow(Exception):
    pass


def _too_slow(_number: int, _frame: FrameType | None) -> None:
    raise TooSlow


def try_all(patterns: list[Used]) -> list[str]:
    """The patterns that took too long, each with the beginning of a text that showed it."""
    signal.signal(signal.SIGVTALRM, _too_slow)
    slow = []
    for used in patterns:
        shown: Any = ""
        try:
            for text in hostile_texts(used.pattern):
                shown = text[:30]
                signal.setitimer(signal.ITIMER_VIRTUAL, BOUND_S)
                _use(used, text)
                signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        except TooSlow:
            slow.append(f"{used.where} {used.pattern.pattern!r} on {shown!r}")
    return slow


def _use(used: Used, text: str) -> None:
    subject: Any = text if isinstance(used.pattern.pattern, str) else text.encode("utf-8", "surrogatepass")
    if used.anchored:
        used.pattern.fullmatch(subject)
        used.pattern.match(subject)
    else:
        for _ in used.pattern.finditer(subject):
            pass


if __name__ == "__main__":
    found = all_patterns()
    sys.stdout.write("\n".join((str(len(found)), *try_all(found))))
