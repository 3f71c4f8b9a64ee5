"""Fit the linearity model to labelled sessions, and hold writers out of it.

The same rows and seed give the same coefficients.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from keytrail.evaluation.judging import counts, report_of
from keytrail.evaluation.reading import find
from keytrail.evaluation.tables import MeasuredRow, read_features, read_measures
from keytrail.provenance import Limits
from keytrail.provenance.rules.copying import logs_of, terms

SEED: Final = 15
FOLDS: Final = 10
REPEATS: Final = 10
PENALTY: Final = 0.03
"""Inverse strength of the ridge penalty; chosen among 0.01, 0.03, 0.1, 0.3 and 1 by held-out writers
(docs/decisions/0026)."""
SHARES: Final = {
    "composed essays": 0.3,
    "composed with suggestions, waits kept": 0.2,
    "composed with suggestions, waits cut": 2.0,
    "l2essays": 0.5,
    "crowdwork": 0.2,
    "transcribed essays": 1.0,
}
"""Weight of each set; inside a set each writer weighs the same however many sessions there are.

Sets with a higher risk of false alarms (fast crowd writers, second-language writers, slow typists) weigh more."""
_WORDS: Final = Limits().linear_words

Array = NDArray[np.float64]


def training_rows(folder: Path) -> list[MeasuredRow]:
    """Return all sessions of the training sets that are long enough."""
    rows = [
        *read_measures(folder / "writing_measures.csv"),
        *read_features(folder / "transcription" / "composed.csv"),
        *read_features(folder / "transcription" / "transcribed.csv"),
        *_honest_rows(folder / "l2essays"),
        *_honest_rows(folder / "crowdwork"),
    ]
    return [row for row in rows if row.dataset in SHARES and row.words >= _WORDS and logs_of(row.measures)]


def _honest_rows(folder: Path) -> list[MeasuredRow]:
    """Return the measures of a folder's honest sessions, as the analysis stores them."""
    rows = []
    for one in find([folder]).sessions:
        report = report_of(one.session)
        if one.label.honest is False or not counts(one, report):
            continue
        writer = one.label.writer or one.session.worker
        rows.append(
            MeasuredRow(
                dataset=one.dataset,
                writer=writer,
                pair=f"{one.dataset}/{writer}",
                honest=True,
                words=report.measures["words"] if report.measures["copying_likeness"] is not None else 0,
                measures=report.measures,
                groups=one.label.groups,
            )
        )
    return rows


class Fit:
    """Bounds, centres, scales and weights from some rows.

    The bounds are the extremes of the rows: values beyond them count as the extreme, and none within is cut off.
    Cutting off the outer half percent loses transcriptions faster than anybody composes.
    """

    def __init__(self, rows: Sequence[MeasuredRow]) -> None:
        raw = _logs(rows)
        self.lowest, self.highest = np.nanmin(raw, axis=0), np.nanmax(raw, axis=0)
        self.centres, self.scales = np.nanmean(raw, axis=0), np.nanstd(raw, axis=0)
        model = LogisticRegression(C=PENALTY, max_iter=5_000)
        model.fit(self._terms(rows), [not row.honest for row in rows], sample_weight=_weights(rows))
        self.intercept, self.weights = float(model.intercept_[0]), model.coef_[0]

    def _terms(self, rows: Sequence[MeasuredRow]) -> Array:
        inputs = (np.clip(_logs(rows), self.lowest, self.highest) - self.centres) / self.scales
        return np.array([terms(list(row)) for row in np.nan_to_num(inputs, nan=0.0)])

    def likeness(self, rows: Sequence[MeasuredRow]) -> Array:
        """Return the likeness of each row."""
        return np.asarray(1 / (1 + np.exp(-(self._terms(rows) @ self.weights + self.intercept))))


def _logs(rows: Sequence[MeasuredRow]) -> Array:
    return np.array(
        [[np.nan if value is None else value for value in logs_of(row.measures) or ()] for row in rows], dtype=float
    )


def _weights(rows: Sequence[MeasuredRow]) -> Array:
    writers: dict[str, dict[str, int]] = {}
    for row in rows:
        counts = writers.setdefault(row.dataset, {})
        counts[row.pair] = counts.get(row.pair, 0) + 1
    return np.array(
        [len(rows) * SHARES[row.dataset] / len(writers[row.dataset]) / writers[row.dataset][row.pair] for row in rows]
    )


def held_out(rows: Sequence[MeasuredRow]) -> Array:
    """Return the likeness of each row by models that saw neither its writer nor its essay, one line per division.

    Each division is judged by itself: a mean over divisions would be the likeness by ten models together, and steadier
    than that by the one which is shipped.
    """
    pairs = sorted({row.pair for row in rows})
    unseen = np.zeros((REPEATS, len(rows)))
    for repeat in range(REPEATS):
        order = np.random.default_rng([SEED, repeat]).permutation(len(pairs))
        fold_of = {pairs[place]: number % FOLDS for number, place in enumerate(order)}
        folds = np.array([fold_of[row.pair] for row in rows])
        for fold in range(FOLDS):
            fit = Fit([row for row, one in zip(rows, folds, strict=True) if one != fold])
            out = [row for row, one in zip(rows, folds, strict=True) if one == fold]
            unseen[repeat, folds == fold] = fit.likeness(out)
    return unseen
