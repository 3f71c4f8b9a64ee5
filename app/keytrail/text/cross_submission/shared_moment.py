"""Find submissions by several workers at a shared moment, closer together than the study's own pace explains."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import pdtrc

from keytrail.text.cross_submission.shared_rhythm import FEWEST_WORKERS

WITHIN_S = 30.0
"""Five MTurk worker ids of 2023 that share an odd lag submitted within 25 s; all five are a model's by their
logs [D]."""
CHANCE = 0.001
"""Probability that a study of independent workers has such a group. At 0.02 a simulated study of 400 who all began at
once had one in every second run; at 0.001 at most one submission in a hundred was in one, whatever the pace."""
_PACE_S = (300.0, 1800.0)
"""The pace around a group, over ten minutes and over an hour; the higher one counts."""
_FINEST_S = 1.0
"""Platforms report whole seconds."""
_LARGEST = 100
"""Larger groups are split, so that the busiest study is compared in seconds."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SubmissionMoment:
    """One submission: its number, its worker, and its time (seconds since any origin)."""

    submission: int
    worker: str
    at_s: float


@dataclass(frozen=True, slots=True)
class SharedMoment:
    """Submissions by different workers at nearly the same time."""

    submissions: tuple[int, ...]
    workers: tuple[str, ...]
    seconds: float
    """Time from the first to the last."""
    others: int
    """Workers of the study who are not among them."""


def shared_moments(submitted: Sequence[SubmissionMoment]) -> list[SharedMoment]:
    """Return groups of at least three workers who submitted within half a minute, the largest first; none overlap.

    A scan statistic (Naus 1982) with Bonferroni's bound: if submissions were independent and as frequent as those
    around the group (which itself is not counted), a group of this size in so short a time would occur anywhere in the
    study with a probability of at most `CHANCE`. Groups with more than half of the study's workers are excluded: their
    cause is the clock, or the task.
    """
    alone = _one_each(_timed(submitted))
    workers = len({one.worker for one in alone})
    at_s = np.array([one.at_s for one in alone], dtype=float)
    taken = _crowded(at_s, workers)
    found = []
    for size, first in _unlikely(at_s):
        if not taken[first : first + size].any():
            taken[first : first + size] = True
            group = alone[first : first + size]
            found.append(
                SharedMoment(
                    tuple(one.submission for one in group),
                    tuple(sorted(one.worker for one in group)),
                    group[-1].at_s - group[0].at_s,
                    workers - size,
                )
            )
    return found


def _timed(submitted: Sequence[SubmissionMoment]) -> list[SubmissionMoment]:
    """Return submissions in order, without three or more at exactly the same time: those were imported
    without times.
    """
    at_once = Counter(one.at_s for one in submitted)
    return sorted((one for one in submitted if at_once[one.at_s] < FEWEST_WORKERS), key=lambda one: one.at_s)


def _one_each(ordered: Sequence[SubmissionMoment]) -> list[SubmissionMoment]:
    """Drop a worker's submissions that follow an earlier one of the same worker within the window."""
    last: dict[str, float] = {}
    clusters = []
    for one in ordered:
        if one.at_s - last.get(one.worker, -np.inf) > WITHIN_S:
            clusters.append(one)
            last[one.worker] = one.at_s
    return clusters


def _crowded(at_s: Floats, workers: int) -> NDArray[np.bool_]:
    """Return which submissions are in a window with more than half of the study's workers."""
    crowded = np.zeros(len(at_s), dtype=bool)
    ends = np.searchsorted(at_s, at_s + WITHIN_S, "right")
    for first in np.nonzero(2 * (ends - np.arange(len(at_s))) > workers)[0]:
        crowded[first : ends[first]] = True
    return crowded


def _unlikely(at_s: Floats) -> list[tuple[int, int]]:
    """Return size and first index of every group that chance does not explain, large ones first, then the least
    likely.
    """
    found: list[tuple[int, float, int]] = []
    for size in range(FEWEST_WORKERS, min(len(at_s), _LARGEST) + 1):
        seconds = at_s[size - 1 :] - at_s[: len(at_s) - size + 1]
        (first,) = np.nonzero(seconds <= WITHIN_S)
        if not len(first):
            break
        expected = _pace(at_s, first, size) * np.maximum(seconds[first], _FINEST_S)
        chance = pdtrc(size - 2, expected) * len(at_s)
        found += [(size, float(chance[place]), int(first[place])) for place in np.nonzero(chance <= CHANCE)[0]]
    return [(size, first) for size, _, first in sorted(found, key=lambda one: (-one[0], one[1], one[2]))]


def _pace(at_s: Floats, first: NDArray[np.intp], size: int) -> Floats:
    """Return submissions a second around each group, without the group, plus one so that it is never zero."""
    middle = (at_s[first] + at_s[first + size - 1]) / 2
    paces = [
        (np.searchsorted(at_s, middle + reach, "right") - np.searchsorted(at_s, middle - reach) - size + 1)
        / (2 * reach)
        for reach in _PACE_S
    ]
    return np.asarray(np.max(paces, axis=0), dtype=float)
