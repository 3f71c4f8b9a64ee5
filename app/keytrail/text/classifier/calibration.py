"""Calibrate scores to probabilities and thresholds, always on scores of items that the model had not seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, exp, floor, log

import numpy as np
from numpy.typing import NDArray

from keytrail.text.classifier.features import Floats

FALSE_ALARM_RATES = (0.10, 0.05, 0.02, 0.01)
"""The nominal rates for which thresholds are stored."""
DEFAULT_RATE = 0.02
"""For a finding about one text. The 1 % threshold is set by the one or two highest of about a hundred honest texts; it
varied from 0.944 to 1.000 with how references and examples were split (twelve splits)."""
EVEN = 0.5
MISS_RATE = 0.05
"""Share of held-out synthetic texts that may be called human-like."""
_PLATT_SLACK = 10.0
"""Inverse strength of the ridge on the two Platt parameters: almost none, but enough when scores separate."""


@dataclass(frozen=True)
class Platt:
    """A logistic curve over scores: probability at an even prior that a text is synthetic."""

    slope: float
    intercept: float

    def log_odds(self, score: float) -> float:
        """Return log odds for one score."""
        return self.slope * score + self.intercept

    def probability(self, score: float) -> float:
        """Return the probability for one score."""
        logit = max(-60.0, min(60.0, self.log_odds(score)))
        return 1.0 / (1.0 + exp(-logit))

    def probabilities(self, scores: Floats) -> Floats:
        """Return probabilities for many scores."""
        logits = np.clip(self.slope * scores + self.intercept, -60.0, 60.0)
        return np.asarray(1.0 / (1.0 + np.exp(-logits)))


def fit_platt(scores: Floats, synthetic: NDArray[np.bool_]) -> Platt:
    """Fit Platt's curve with balanced classes, so that the probability is at an even prior."""
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 -- loaded by training alone, not by every command

    spread = float(scores.std()) or 1.0
    fit = LogisticRegression(C=_PLATT_SLACK, class_weight="balanced").fit((scores / spread)[:, None], synthetic)
    return Platt(float(fit.coef_[0, 0]) / spread, float(fit.intercept_[0]))


def logit(probability: float) -> float:
    """Return log odds, clipped at one in a billion."""
    held = min(max(probability, 1e-9), 1 - 1e-9)
    return log(held / (1 - held))


@dataclass(frozen=True)
class Thresholds:
    """Probabilities from which a text reads synthetic, by false-alarm rate, and below which it reads human."""

    synthetic_from: dict[float, float]
    human_below: float
    honest_texts: int
    """Held-out texts by people (whole and truncated) behind the rates."""
    synthetic_texts: int

    def band(self, false_alarm_rate: float) -> tuple[float, float]:
        """Return the band: human-like below the first value, synthetic from the second on, unsure between."""
        upper = self.synthetic_from[false_alarm_rate]
        return min(self.human_below, upper), upper


def learn_thresholds(honest: Sequence[Floats], synthetic: Floats, *, caution: float = 1.0) -> Thresholds:
    """Learn thresholds on held-out probabilities, for `caution` times each nominal rate.

    `honest` has one array per kind of honest text (people's texts whole and truncated; extracts of items). A rate must
    hold in each kind, so the highest threshold counts: pooling would let easy extracts hide misjudged people. No text
    reads synthetic below even odds, nor human above them, however well the held-out texts separate.
    """
    chosen = {
        rate: max(EVEN, *(upper_bound(kind, caution * rate) for kind in honest if len(kind)))
        for rate in FALSE_ALARM_RATES
    }
    below = min(EVEN, lower_bound(synthetic, caution * MISS_RATE))
    return Thresholds(chosen, below, len(honest[0]), len(synthetic))


def upper_bound(values: Floats, rate: float) -> float:
    """Return a bound that a further value of the same kind exceeds with at most this probability (split conformal
    prediction).

    With n values it is the one at rank ceil((1 - rate)(n + 1)). With fewer than 1/rate - 1 values no bound guarantees
    the rate; the largest value is then used.
    """
    ordered = np.sort(values)
    rank = ceil((1 - rate) * (len(ordered) + 1) - 1e-9)
    return float(np.nextafter(ordered[min(rank, len(ordered)) - 1], np.inf))


def lower_bound(values: Floats, rate: float) -> float:
    """Return a bound that a further value of the same kind falls below with at most this probability."""
    ordered = np.sort(values)
    rank = floor(rate * (len(ordered) + 1) + 1e-9)
    return float(ordered[max(rank, 1) - 1])
