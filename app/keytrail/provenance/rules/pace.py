"""The pace of text that comes in pieces: how fast it was handed over, and whether there was time to say it."""

from bisect import bisect_left
from collections.abc import Sequence
from statistics import median
from typing import Final

from keytrail.provenance.replay.trace import Arrived
from keytrail.provenance.rules.facts import MINUTE_MS, UNITS_PER_WORD

SAID: Final = 0.8
"""Share of the text, in short enough pieces, that must have had the time to be said: a tool that is too fast is so
throughout."""


def usual_wpm(pieces: Sequence[Arrived], window: int) -> float:
    """Return the median speed over all stretches of so many pieces; the first was spoken before it came."""
    window = min(window, len(pieces) - 1)
    if window < 1:
        return 0.0
    speeds = [
        sum(piece.units for piece in pieces[start + 1 : start + window + 1])
        / UNITS_PER_WORD
        * MINUTE_MS
        / max(1, pieces[start + window].at_ms - pieces[start].at_ms)
        for start in range(len(pieces) - window)
    ]
    return median(speeds)


def units_per_ms(wpm: float) -> float:
    """Return the units per millisecond of a speed in words per minute."""
    return wpm * UNITS_PER_WORD / MINUTE_MS


def last_before(at_ms: int, *series: Sequence[int]) -> int:
    """Return the latest of several sorted times before a given one; -1 without one."""
    return max((times[at - 1] if (at := bisect_left(times, at_ms)) else -1) for times in series)
