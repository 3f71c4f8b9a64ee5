"""Intervals for clustered submissions: several by one worker, or several workers who are one operator."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from keytrail.text.prevalence.intervals import LEVEL, Floats, Interval, of_draws

DRAWS = 4000
FEW_CLUSTERS = 10
_CELLS = 1_000_000
"""Draws times clusters held in memory at once: 8 MB."""
FEW_CLUSTERS_NOTE = "There are fewer than ten independent people; bootstrap intervals are then too narrow."


def resampled_weights(clusters: Sequence[str], draws: int, seed: int) -> Floats:
    """Return how often each submission is in each bootstrap sample of whole clusters: draws x submissions."""
    names, member = np.unique(np.asarray(clusters, dtype=str), return_inverse=True)
    return np.concatenate([drawn[:, member] for drawn in _resampled(len(names), draws, seed)]).astype(float)


def clustered_shares(positive: Sequence[float], clusters: Sequence[str], draws: int = DRAWS, seed: int = 0) -> Floats:
    """Return the share of positive submissions, or the mean of any values, in each bootstrap sample."""
    names, member = np.unique(np.asarray(clusters, dtype=str), return_inverse=True)
    sums = np.bincount(member, weights=np.asarray(positive, dtype=float))
    sizes = np.bincount(member)
    return np.concatenate([drawn @ sums / (drawn @ sizes) for drawn in _resampled(len(names), draws, seed)])


def _resampled(clusters: int, draws: int, seed: int) -> Iterator[NDArray[np.int64]]:
    """Yield how often each cluster is in each sample, in blocks: all at once are gigabytes in a large study."""
    random = np.random.default_rng(seed)
    portion = max(1, _CELLS // clusters)
    for start in range(0, draws, portion):
        yield random.multinomial(clusters, np.full(clusters, 1 / clusters), size=min(portion, draws - start))


def clustered_interval(
    positive: Sequence[bool], clusters: Sequence[str], *, level: float = LEVEL, seed: int = 0
) -> Interval:
    """Return the percentile interval of the cluster bootstrap; the whole range for a single cluster."""
    if len(set(clusters)) <= 1:
        return Interval(0.0, 1.0, level)
    return of_draws(clustered_shares(positive, clusters, seed=seed), level)


def design_effect(positive: Sequence[bool], clusters: Sequence[str]) -> float:
    """Return the factor by which dependence between submissions inflates the variance of a share (Kish); at least 1.

    The variance between clusters by linearisation over that of independent submissions. With a single cluster every
    submission counts as a repetition of the others.
    """
    results = np.asarray(positive, dtype=float)
    names, member = np.unique(np.asarray(clusters, dtype=str), return_inverse=True)
    if len(names) <= 1:
        return float(max(1, len(results)))
    independent = results.mean() * (1 - results.mean()) * len(results)
    if independent == 0:
        return float(len(results) / len(names))
    totals = np.bincount(member, weights=results - results.mean())
    return max(1.0, float((totals**2).sum() * len(names) / (len(names) - 1) / independent))


def people_note(clusters: Sequence[str]) -> tuple[str, ...]:
    """Return a warning if there are too few clusters for a bootstrap."""
    return (FEW_CLUSTERS_NOTE,) if len(set(clusters)) < FEW_CLUSTERS else ()
