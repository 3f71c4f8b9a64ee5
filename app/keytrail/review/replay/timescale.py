"""Session time with long pauses shortened, for the timeline and the player."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

# A pause longer than the first is shown as long as the second, and labelled as shortened.
LONG_MS = 3_000
SHOWN_MS = 2_000


@dataclass(frozen=True)
class Pause:
    """A pause without events between the two times (ms of the session)."""

    from_ms: int
    until_ms: int

    @property
    def ms(self) -> int:
        """How long the pause lasted, in milliseconds; replays show less."""
        return self.until_ms - self.from_ms


@dataclass(frozen=True)
class TimeScale:
    """A piecewise linear map from session time to shown time; `knots` are pairs (ms of the session, ms as shown)."""

    knots: Sequence[tuple[int, int]]
    pauses: Sequence[Pause]

    @property
    def shown_ms(self) -> int:
        """Length of the session as shown."""
        return self.knots[-1][1]

    def shown(self, ms: int) -> float:
        """Return the shown time of a session time."""
        at = max(1, min(len(self.knots) - 1, bisect_right(self.knots, (ms, self.shown_ms))))
        (from_ms, from_shown), (until_ms, until_shown) = self.knots[at - 1], self.knots[at]
        if until_ms == from_ms:
            return float(until_shown)
        share = min(max((ms - from_ms) / (until_ms - from_ms), 0.0), 1.0)
        return from_shown + share * (until_shown - from_shown)


def scale_of(moments: Iterable[int], duration_ms: int) -> TimeScale:
    """Build the scale from the times of the events."""
    times = sorted({0, max(duration_ms, 1), *(ms for ms in moments if 0 <= ms <= duration_ms)})
    knots: list[tuple[int, int]] = [(0, 0)]
    pauses: list[Pause] = []
    cut = 0
    for earlier, later in pairwise(times):
        if later - earlier <= LONG_MS:
            continue
        pauses.append(Pause(earlier, later))
        knots.append((earlier, earlier - cut))
        cut += later - earlier - SHOWN_MS
        knots.append((later, later - cut))
    knots.append((times[-1], times[-1] - cut))
    return TimeScale(tuple(dict.fromkeys(knots)), tuple(pauses))
