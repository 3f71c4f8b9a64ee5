"""Likeness of a session to copying out a text: logistic regression on the stored measures of linearity.

The coefficients are in copying_figures.py, written by `python -m keytrail.evaluation.fitting`; docs/copying-model.md is
the model card. It was fitted on composed and copied essays and does not know why somebody typed evenly.
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
"""The model's inputs (measures.py); `final_share` repeats `deleted_share` if nothing moved."""
_LEAST_SHARE: Final = 0.005
CROSSED: Final = tuple(combinations_with_replacement(range(4), 2))
"""Products of the first four inputs, the measures of time: slow typing with few pauses differs from fast typing with
few pauses. Products with the shares of text caught fewer held-out transcriptions."""


def likeness(measures: Measures) -> float | None:
    """Return the likeness to copying out, 0 to 1; None if a required measure is missing.

    At 0.5, one in two would be copied if composed and copied texts were equally frequent. It is not a probability for a
    person.
    """
    logs = logs_of(measures)
    if logs is None:
        return None
    score = INTERCEPT + sum(weight * term for weight, term in zip(WEIGHTS, terms(standardised(logs)), strict=True))
    return 1 / (1 + exp(-max(-30.0, min(30.0, score))))


def logs_of(measures: Measures) -> list[float | None] | None:
    """Return logarithms of the inputs, log odds for shares of time; only the pause before sentences and the last may be
    missing.
    """
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
    """Return the inputs clipped to the training range and standardised; the mean where one is missing."""
    return [
        0.0 if value is None else (max(low, min(high, value)) - centre) / scale
        for value, low, high, centre, scale in zip(logs, LOWEST, HIGHEST, CENTRES, SCALES, strict=True)
    ]


def terms(inputs: Sequence[float]) -> list[float]:
    """Return the inputs and their products, in the order of the weights."""
    return [*inputs, *(inputs[one] * inputs[two] for one, two in CROSSED)]
