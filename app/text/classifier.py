"""Training: grouped by item, calibrated and thresholded on items that the model had not seen."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.errors import BadRequest
from app.text.calibration import DEFAULT_RATE, Platt, Thresholds
from app.text.features import Floats, TextFeatures
from app.text.heldout import ErrorTally, HeldOut
from app.text.linear import Example, LinearScorer, fit_scorer
from app.text.metrics import Figures
from app.text.samples import Kind, Sample

FOLDS = 5
FEWEST_ITEMS = 3
FEWEST_TEXTS = 20
_CAUTION_WITHOUT_REFERENCES = 0.5
"""Without references the rates are kept at half their names, which widens the band of "unsure"."""


@dataclass(frozen=True)
class CalibratedScorer:
    """A fitted model with what held-out items taught about its scores."""

    scorer: LinearScorer
    platt: Platt
    thresholds: Thresholds
    held_out: dict[str, float]
    """Score of each whole training text by the model that had not seen its item, by fingerprint."""
    figures: Figures
    """Grouped cross-validation on whole texts, calibrated on the other folds."""
    errors: dict[float, ErrorTally]
    """By named rate, what its threshold did with whole held-out texts."""
    extract_alarms: float
    """Share of extracts of held-out items from the default threshold on."""

    def probability(self, features: TextFeatures, key: str) -> tuple[float, bool]:
        """Probability at an even prior, and whether the text was in the training.

        A training text gets the score of the model that had not seen its item: its own label must not vouch for it.
        """
        held_out = self.held_out.get(key)
        score = self.scorer.score(features) if held_out is None else held_out
        return self.platt.probability(score), held_out is not None


def train_scorers(samples: Sequence[Sample], *, folds: int = FOLDS, seed: int = 0) -> dict[bool, CalibratedScorer]:
    """The models without references (False) and with them (True, if at least three items have enough).

    Raises BadRequest if there is too little to learn from.
    """
    scorers = {False: train_scorer(samples, with_references=False, folds=folds, seed=seed)}
    referenced = [sample for sample in samples if sample.has_references]
    if len({sample.item_id for sample in referenced}) >= FEWEST_ITEMS:
        scorers[True] = train_scorer(referenced, with_references=True, folds=folds, seed=seed)
    return scorers


def train_scorer(
    samples: Sequence[Sample], *, with_references: bool, folds: int = FOLDS, seed: int = 0
) -> CalibratedScorer:
    """Fit one model on all samples, calibrate it on held-out items."""
    _refuse_too_little(samples)
    examples = [Example(sample.item_id, sample.synthetic, sample.features) for sample in samples]
    fold_of = assign_folds([sample.item_id for sample in samples], folds, seed)
    fold = np.array([fold_of[sample.item_id] for sample in samples])
    scores = _held_out_scores(examples, fold, with_references=with_references)
    held_out = HeldOut(samples, scores, fold)
    platt = held_out.platt()
    thresholds = held_out.thresholds(platt, 1.0 if with_references else _CAUTION_WITHOUT_REFERENCES)
    extracts = platt.probabilities(scores[held_out.of(Kind.EXTRACT)])
    return CalibratedScorer(
        scorer=fit_scorer(examples, with_references=with_references),
        platt=platt,
        thresholds=thresholds,
        held_out={s.key: float(score) for s, score in zip(samples, scores, strict=True) if s.kind is Kind.WHOLE},
        figures=held_out.figures(),
        errors=held_out.errors(platt, thresholds),
        extract_alarms=float((extracts >= thresholds.synthetic_from[DEFAULT_RATE]).mean()),
    )


def assign_folds(item_ids: Sequence[str], folds: int, seed: int) -> dict[str, int]:
    """A fold for each item, evenly and at random; the same for the same items and seed."""
    distinct = sorted(set(item_ids))
    order = np.random.default_rng(seed).permutation(len(distinct))
    return {distinct[place]: rank % folds for rank, place in enumerate(order)}


def _held_out_scores(examples: Sequence[Example], fold: NDArray[np.int_], *, with_references: bool) -> Floats:
    scores = np.zeros(len(examples))
    for number in np.unique(fold):
        kept = [example for example, own in zip(examples, fold, strict=True) if own != number]
        scorer = fit_scorer(kept, with_references=with_references)
        scores[fold == number] = [
            scorer.score(example.features) for example, own in zip(examples, fold, strict=True) if own == number
        ]
    return scores


def _refuse_too_little(samples: Sequence[Sample]) -> None:
    whole = [sample for sample in samples if sample.kind is Kind.WHOLE]
    for synthetic, whose in ((False, "by people"), (True, "by language models")):
        chosen = [sample for sample in whole if sample.synthetic is synthetic]
        items = len({sample.item_id for sample in chosen})
        if len(chosen) < FEWEST_TEXTS or items < FEWEST_ITEMS:
            raise BadRequest(
                f"Training needs at least {FEWEST_TEXTS} texts {whose} about at least {FEWEST_ITEMS} items; "
                f"there are {len(chosen)} about {items}."
            )
