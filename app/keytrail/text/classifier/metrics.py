"""Metrics of predicted probabilities: accuracy, AUC, calibration error, false alarms."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from keytrail.text.classifier.features import Floats

_BINS = 10
_EVEN = 0.5


@dataclass(frozen=True)
class Figures:
    """Metrics of one set of predictions; accuracy and macro-F1 at a probability of one half."""

    texts: int
    synthetic: int
    accuracy: float
    macro_f1: float
    auc: float
    calibration_error: float

    def as_json(self) -> dict[str, float]:
        """Return plain values for cards and reports."""
        return asdict(self)


def figures_of(probabilities: Sequence[float] | Floats, synthetic: Sequence[bool] | NDArray[np.bool_]) -> Figures:
    """Compute all metrics of one set of predictions, which must contain both classes."""
    from sklearn.metrics import f1_score, roc_auc_score  # noqa: PLC0415 -- loaded by training alone, not by every command

    given, truth = np.asarray(probabilities, dtype=float), np.asarray(synthetic, dtype=bool)
    called = given >= _EVEN
    return Figures(
        texts=len(truth),
        synthetic=int(truth.sum()),
        accuracy=float((called == truth).mean()),
        macro_f1=float(f1_score(truth, called, average="macro")),
        auc=float(roc_auc_score(truth, given)),
        calibration_error=calibration_error(given, truth),
    )


def calibration_error(probabilities: Floats, synthetic: NDArray[np.bool_]) -> float:
    """Return the expected calibration error: mean gap between stated and observed share over ten equally wide bins."""
    bins = np.minimum((probabilities * _BINS).astype(int), _BINS - 1)
    gaps = [
        abs(float(probabilities[bins == number].mean()) - float(synthetic[bins == number].mean()))
        * int((bins == number).sum())
        for number in np.unique(bins)
    ]
    return float(sum(gaps) / len(probabilities))


def false_alarms_at_recall(
    probabilities: Sequence[float] | Floats, synthetic: Sequence[bool] | NDArray[np.bool_], recall: float
) -> float:
    """Return the smallest share of others called synthetic by any threshold that finds at least this share of the
    synthetic.
    """
    from sklearn.metrics import roc_curve  # noqa: PLC0415 -- loaded by training alone, not by every command

    false_alarms, found, _ = roc_curve(np.asarray(synthetic, dtype=bool), np.asarray(probabilities, dtype=float))
    return float(false_alarms[found >= recall - 1e-12].min())
