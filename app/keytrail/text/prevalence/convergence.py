"""Convergence of a sampler's chains: R-hat and effective sample size (Vehtari, Gelman, Simpson, Carpenter, Bürkner
2021).

Rank-Normalization, Folding, and Localization: An Improved R-hat for Assessing Convergence of MCMC. Bayesian Analysis
16(2), https://doi.org/10.1214/20-BA1221. Draws have the axes draw, chain.
"""

import numpy as np
from scipy.special import ndtri

from keytrail.text.prevalence.intervals import Floats

LARGEST_R_HAT = 1.01
FEWEST_EFFECTIVE = 400
"""Both from the article, section 4: do not use chains beyond either."""
_TAILS = (0.05, 0.95)


def r_hat(draws: Floats) -> float:
    """Return rank-normalised split R-hat: the larger of that of the draws and that of their distances from the median.

    1 is agreement. The second detects chains that differ in spread only. NaN if all draws are the same.
    """
    split = _split(draws)
    return max(_potential_reduction(_normalised(values)) for values in (split, np.abs(split - np.median(split))))


def effective_draws(draws: Floats) -> float:
    """Return the effective sample size: the smallest of those for the bulk and for the 5 % and 95 % quantiles."""
    tails = [_effective(_split((draws <= np.quantile(draws, tail)).astype(float))) for tail in _TAILS]
    return min(_effective(_normalised(_split(draws))), *tails)


def _split(draws: Floats) -> Floats:
    """Split each chain into its first and its second half; of an odd number the middle draw is left out."""
    half = len(draws) // 2
    return np.concatenate([draws[:half], draws[-half:]], axis=1)


def _normalised(draws: Floats) -> Floats:
    """Return normal scores of the ranks over all chains (Blom 1958); equal draws share the mean of theirs."""
    _, places, equal = np.unique(draws.ravel(), return_inverse=True, return_counts=True)
    ranks = (np.cumsum(equal) - (equal - 1) / 2)[places].reshape(draws.shape)
    return np.asarray(ndtri((ranks - 0.375) / (draws.size + 0.25)))


def _potential_reduction(draws: Floats) -> float:
    within = draws.var(axis=0, ddof=1).mean()
    between = draws.mean(axis=0).var(ddof=1)
    number = len(draws)
    return float(np.sqrt((number - 1) / number + between / within))


def _effective(draws: Floats) -> float:
    """Return all draws over their autocorrelation time, which is summed by Geyer's initial monotone sequence."""
    number = len(draws)
    covariances = _autocovariances(draws).mean(axis=1)
    within = covariances[0] * number / (number - 1)
    total = covariances[0] + draws.mean(axis=0).var(ddof=1)
    correlations = 1 - (within - covariances) / total
    correlations[0] = 1
    pairs = correlations[: (number - 1) // 2 * 2].reshape(-1, 2).sum(axis=1)
    # Sums of neighbours are positive and decreasing in theory; deviations are noise. Of the first pair left out the
    # even lag counts, as in Stan.
    negative = np.flatnonzero(pairs <= 0)
    last = int(negative[0]) if len(negative) else len(pairs) - 1
    time = -1 + 2 * np.minimum.accumulate(pairs[:last]).sum() + max(0.0, float(correlations[2 * last]))
    return float(draws.size / max(time, 1 / np.log10(draws.size)))


def _autocovariances(draws: Floats) -> Floats:
    """Return each chain's autocovariances by lag, from its spectrum; divided by the number of draws."""
    number = len(draws)
    spectrum = np.fft.rfft(draws - draws.mean(axis=0), n=2 * number, axis=0)
    return np.asarray(np.fft.irfft(np.abs(spectrum) ** 2, axis=0)[:number] / number)
