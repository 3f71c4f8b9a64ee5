"""Estimates with intervals, and intervals of a plain share (Wilson, Jeffreys, Clopper-Pearson)."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv

Floats = NDArray[np.float64]
LEVEL = 0.95
_JEFFREYS = 0.5


@dataclass(frozen=True, slots=True)
class Interval:
    """Bounds of a share or a difference, at a level (0.95)."""

    low: float
    high: float
    level: float = LEVEL

    def overlaps(self, low: float, high: float) -> bool:
        """Return whether the intervals overlap."""
        return self.low <= high and low <= self.high

    def as_json(self) -> dict[str, float]:
        """Return the fields as values that JSON can hold."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Estimate:
    """One figure with its interval, method and assumptions."""

    name: str
    value: float
    interval: Interval
    units: int
    """Number of submissions, or workers."""
    method: str
    assumptions: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """Return the fields as values that JSON can hold."""
        return asdict(self)


def wilson(positive: int, units: int, level: float = LEVEL) -> Interval:
    """Return Wilson's score interval (1927): good for small numbers, never outside 0 to 1; (0, 1) for no units."""
    if units == 0:
        return Interval(0.0, 1.0, level)
    z = NormalDist().inv_cdf(0.5 + level / 2)
    share = positive / units
    centre = (share + z * z / (2 * units)) / (1 + z * z / units)
    half = z * np.sqrt(share * (1 - share) / units + z * z / (4 * units * units)) / (1 + z * z / units)
    low = 0.0 if positive == 0 else float(centre - half)
    return Interval(low, 1.0 if positive == units else float(centre + half), level)


def jeffreys(positive: int, units: int, level: float = LEVEL) -> Interval:
    """Return Jeffreys' interval (Brown, Cai, DasGupta 2001): equal tails of Beta(k + 1/2, n - k + 1/2), extended to the
    ends.
    """
    tail = (1 - level) / 2
    low, high = betaincinv(positive + _JEFFREYS, units - positive + _JEFFREYS, [tail, 1 - tail])
    return Interval(0.0 if positive == 0 else float(low), 1.0 if positive == units else float(high), level)


def exact(positive: int, units: int, level: float = LEVEL) -> Interval:
    """Return Clopper and Pearson's interval (1934), which never covers less than its level; (0, 1) for no units."""
    if not units:
        return Interval(0.0, 1.0, level)
    tail = (1 - level) / 2
    low = 0.0 if positive == 0 else float(betaincinv(positive, units - positive + 1, tail))
    high = 1.0 if positive == units else float(betaincinv(positive + 1, units - positive, 1 - tail))
    return Interval(low, high, level)


def of_draws(draws: Floats | Sequence[float], level: float = LEVEL) -> Interval:
    """Return the equal-tailed interval of random draws."""
    low, high = np.quantile(np.asarray(draws), [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(low), float(high), level)
