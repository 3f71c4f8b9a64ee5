"""Find members of a cohort that are far below the others in a measure, without flagging somebody in every cohort."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import exp, log
from statistics import NormalDist, quantiles

FEWEST = 30
"""Minimum submissions about one item for its low end to be known."""
PERCENTILE = 0.02


@dataclass(frozen=True, slots=True)
class Scale:
    """A transformation that makes a measure about normally distributed among honest people, with its inverse."""

    to: Callable[[float], float]
    back: Callable[[float], float]


TIMES = Scale(lambda time: log(max(time, 1.0)), exp)
"""Times in ms. Times for a task are log-normal (van der Linden 2006), in the field too: 55 typed Prolific sessions,
Shapiro-Wilk p = 0.90 [D]."""
_EDGE = 0.001
SHARES = Scale(lambda share: log((share + _EDGE) / (1 - share + _EDGE)), lambda odds: 1 / (1 + exp(-odds)))
"""Shares as log odds, including none and all. The share of time in pauses: 49 typed Prolific sessions, Shapiro-Wilk p =
0.26 [D]."""


@dataclass(frozen=True, slots=True)
class LowEnd:
    """The low end of a cohort, in the units of the values that were compared (ms, or shares from 0 to 1)."""

    below: float
    """The 2nd percentile, as `low_end` computes it; an empirical one would always find somebody below it."""
    middle: float
    """The cohort's median."""
    members: int
    low: frozenset[int]
    """Members below the 2nd percentile."""


def low_end(figures: Mapping[int, float], scale: Scale) -> LowEnd | None:
    """Return the members of a cohort below its 2nd percentile; None if there are fewer than 30.

    The percentile is that of a normal distribution with the cohort's median and quartiles on the scale. An empirical
    one would always flag the lowest of any thirty, and quartiles do not move while less than a quarter of the cohort is
    unusual.
    """
    if len(figures) < FEWEST:
        return None
    lower, middle, upper = quantiles([scale.to(figure) for figure in figures.values()], method="inclusive")
    deviation = (upper - lower) / (NormalDist().inv_cdf(0.75) - NormalDist().inv_cdf(0.25))
    bound = middle + NormalDist().inv_cdf(PERCENTILE) * deviation
    low = frozenset(member for member, figure in figures.items() if scale.to(figure) < bound)
    return LowEnd(scale.back(bound), scale.back(middle), len(figures), low)
