"""How much a session looks like copying out a text: logistic regression on the stored measures of linearity.

The coefficients are in copying_figures.py, made by `python -m keytrail.evaluation.fitting`; docs/copying-model.md is
the model's card. It has learnt how people compose and how people copy out essays; it knows nothing of anybody's mind.
"""

from collections.abc import Mapping, Sequence
from itertools import combinations_with_replacement
from math import exp, log
from typing import Final

from keytrail.provenance.rules.copying_figures import CENTRES, HIGHEST, INTERCEPT, LOWEST, SCALES, WEIGHTS

Measures = Mapping[str, float | None]

INPUTS: Final = (
    "pause_share",
    "mean_pause_ms",
    "sentence_pause_ms",
    "words_per_minute",
    "deleted_share",
    "away_from_edge_share",
)
"""The measures that the model reads (measures.py); `final_share` says the same as `deleted_share` if nothing moved."""
_LEAST_SHARE: Final = 0.005
_CROSSED: Final = tuple(combinations_with_replacement(range(5), 2))
"""Products of all but the last input: slow typing with few pauses is not what fast typing with few pauses is."""


def likeness(measures: Measures) -> float | None:
    """Likeness to copying out, 0 to 1; None if a measure that cannot do without is missing.

    Of equal numbers of composed and copied texts 1 in 2 would be copied at 0.5. It is no probability for a person.
    """
    logs = logs_of(measures)
    if logs is None:
        return None
    score = INTERCEPT + sum(weight * term for weight, term in zip(WEIGHTS, terms(standardised(logs)), strict=True))
    return 1 / (1 + exp(-max(-30.0, min(30.0, score))))


def logs_of(measures: Measures) -> list[float | None] | None:
    """Logs of the inputs, shares of time as log odds; only the pause before sentences and the last may be missing."""
    values = [measures.get(name) for name in INPUTS]
    pause, mean_ms, sentence_ms, speed, deleted, away = values
    if pause is None or mean_ms is None or speed is None or deleted is None:
        return None
    pause = max(_LEAST_SHARE, min(1 - _LEAST_SHARE, pause))
    return [
        log(pause / (1 - pause)),
        log(max(1.0, mean_ms)),
        None if sentence_ms is None else log(max(1.0, sentence_ms)),
        log(max(1.0, speed)),
        log(max(_LEAST_SHARE, deleted)),
        None if away is None else log(max(_LEAST_SHARE, away)),
    ]


def standardised(logs: Sequence[float | None]) -> list[float]:
    """Bounded as in the training data, in standard deviations from its mean; the mean where one is missing."""
    return [
        0.0 if value is None else (max(low, min(high, value)) - centre) / scale
        for value, low, high, centre, scale in zip(logs, LOWEST, HIGHEST, CENTRES, SCALES, strict=True)
    ]


def terms(inputs: Sequence[float]) -> list[float]:
    """The inputs and their products, in the order of the weights."""
    return [*inputs, *(inputs[one] * inputs[two] for one, two in _CROSSED)]
