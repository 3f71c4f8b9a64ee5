"""Intervals when submissions are not independent: several by one worker, or several workers who are one operator."""

from collections.abc import Sequence

import numpy as np

from app.text.prevalence.intervals import LEVEL, Floats, Interval, of_draws

DRAWS = 4000
FEW_CLUSTERS = 10
FEW_CLUSTERS_NOTE = "There are fewer than ten independent people; bootstrap intervals are then too narrow."


def resampled_weights(clusters: Sequence[str], draws: int, seed: int) -> Floats:
    """How often each submission is in each bootstrap sample of whole clusters: draws x submissions."""
    names, member = np.unique(np.asarray(clusters, dtype=str), return_inverse=True)
    random = np.random.default_rng(seed)
    drawn = random.multinomial(len(names), np.full(len(names), 1 / len(names)), size=draws)
    return np.asarray(drawn[:, member], dtype=float)


def clustered_shares(positive: Sequence[float], clusters: Sequence[str], draws: int = DRAWS, seed: int = 0) -> Floats:
    """The share of positive submissions, or the mean of any values, in each bootstrap sample."""
    weights = resampled_weights(clusters, draws, seed)
    return np.asarray(weights @ np.asarray(positive, dtype=float) / weights.sum(axis=1))


def clustered_interval(
    positive: Sequence[bool], clusters: Sequence[str], *, level: float = LEVEL, seed: int = 0
) -> Interval:
    """Percentile interval of the cluster bootstrap; nothing is known from a single cluster."""
    if len(set(clusters)) <= 1:
        return Interval(0.0, 1.0, level)
    return of_draws(clustered_shares(positive, clusters, seed=seed), level)


def design_effect(positive: Sequence[bool], clusters: Sequence[str]) -> float:
    """How many times the variance of a share grows because submissions go together (Kish); at least 1.

    The variance between clusters by linearisation over that of independent submissions. With a single cluster every
    submission is taken as a repetition of the others.
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
    """A warning if there are too few clusters for a bootstrap."""
    return (FEW_CLUSTERS_NOTE,) if len(set(clusters)) < FEW_CLUSTERS else ()
