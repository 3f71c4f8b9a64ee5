"""Who lies below nearly all others in a figure: the low end of a cohort, without naming somebody in every cohort."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import exp, log
from statistics import NormalDist, quantiles

FEWEST = 30
"""Submissions about one item below which its low end is not known."""
PERCENTILE = 0.02


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale on which a figure of honest people is about normally distributed, there and back."""

    to: Callable[[float], float]
    back: Callable[[float], float]


TIMES = Scale(lambda time: log(max(time, 1.0)), exp)
"""Times in ms. Those that people take for a task are log-normal (van der Linden 2006), in the field too: 55 typed
Prolific sessions, Shapiro-Wilk p = 0.90 [D]."""
_EDGE = 0.001
SHARES = Scale(lambda share: log((share + _EDGE) / (1 - share + _EDGE)), lambda odds: 1 / (1 + exp(-odds)))
"""Shares as log odds, also of none and all. The share of time in pauses: 49 typed Prolific sessions, Shapiro-Wilk
p = 0.26 [D]."""


@dataclass(frozen=True, slots=True)
class LowEnd:
    """Where a cohort's low end begins."""

    below: float
    """The 2nd percentile."""
    middle: float
    """The median."""
    members: int
    low: frozenset[int]
    """Members below the 2nd percentile."""


def low_end(figures: Mapping[int, float], scale: Scale) -> LowEnd | None:
    """The members of a cohort that lie below its 2nd percentile; None if there are fewer than 30.

    The percentile is that of a normal distribution with the cohort's median and quartiles on the scale. An empirical
    one would name the lowest of any thirty, however like the others it is; and quartiles do not move while less than
    a quarter of the cohort is odd.
    """
    if len(figures) < FEWEST:
        return None
    lower, middle, upper = quantiles([scale.to(figure) for figure in figures.values()], method="inclusive")
    deviation = (upper - lower) / (NormalDist().inv_cdf(0.75) - NormalDist().inv_cdf(0.25))
    bound = middle + NormalDist().inv_cdf(PERCENTILE) * deviation
    low = frozenset(member for member, figure in figures.items() if scale.to(figure) < bound)
    return LowEnd(scale.back(bound), scale.back(middle), len(figures), low)
