"""Train the classifier: grouped by item, calibrated and thresholded on held-out items."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from keytrail.errors import BadRequest
from keytrail.text.classifier.assessment import Basis
from keytrail.text.classifier.calibration import DEFAULT_RATE, Platt, Thresholds
from keytrail.text.classifier.features import Floats, TextFeatures
from keytrail.text.classifier.heldout import ErrorTally, HeldOut
from keytrail.text.classifier.learning import Example, Learner, Scorer
from keytrail.text.classifier.linear import fit_scorer
from keytrail.text.classifier.metrics import Figures
from keytrail.text.classifier.samples import SampleKind, TrainingSample

FOLDS = 5
FEWEST_ITEMS = 3
FEWEST_TEXTS = 20
_CAUTION_WITHOUT_REFERENCES = 0.5
"""Without references the rates are kept at half their names, which widens the band of "unsure"."""


@dataclass(frozen=True)
class Member:
    """One fitted model, and the curve that puts its scores on a common scale (log odds)."""

    scorer: Scorer
    scale: Platt


@dataclass(frozen=True)
class CalibratedScorer:
    """Fitted models with their calibration on held-out items.

    With references there are two members: the second is trained on the first one's references and uses its examples as
    references. Their mean depends less on how the generations were split (docs/decisions/0011).
    """

    members: tuple[Member, ...]
    platt: Platt
    thresholds: Thresholds
    held_out: dict[str, float]
    """Score of each whole training text by models that had not seen its item, by fingerprint."""
    figures: Figures
    """Grouped cross-validation on whole texts, calibrated on the other folds."""
    errors: dict[float, ErrorTally]
    """By nominal rate, the results of its threshold on whole held-out texts."""
    extract_alarms: float
    """Share of extracts of held-out items at or above the default threshold."""

    @property
    def basis(self) -> Basis:
        """The kind of model."""
        return self.members[0].scorer.basis

    def score(self, features: TextFeatures) -> float:
        """Return the mean log odds of the members, before the last calibration."""
        views = (features, features.mirrored)[: len(self.members)]
        scores = [
            member.scale.log_odds(member.scorer.score(view)) for member, view in zip(self.members, views, strict=True)
        ]
        return sum(scores) / len(scores)

    def probability(self, features: TextFeatures, key: str) -> tuple[float, bool]:
        """Return the probability at an even prior, and whether the text was in the training.

        A training text gets the score of models that had not seen its item, so that its own label does not count.
        """
        held_out = self.held_out.get(key)
        score = self.score(features) if held_out is None else held_out
        return self.platt.probability(score), held_out is not None


def train_scorers(
    samples: Sequence[TrainingSample], mirror: Sequence[TrainingSample] = (), *, folds: int = FOLDS, seed: int = 0
) -> dict[bool, CalibratedScorer]:
    """Train the models without references (False) and with them (True, if at least three items have enough).

    `mirror` are the samples of the mirrored corpus; without them the model with references has one member. Raises
    BadRequest if there is too little to learn from.
    """
    scorers = {False: train_scorer([samples], with_references=False, folds=folds, seed=seed)}
    first, second = ([sample for sample in side if sample.has_references] for side in (samples, mirror))
    if len({sample.item_id for sample in first}) >= FEWEST_ITEMS:
        # With few references the other half has few examples; then there is one member.
        sides = [first] if _too_little(second) else [first, second]
        scorers[True] = train_scorer(sides, with_references=True, folds=folds, seed=seed)
    return scorers


def train_scorer(
    sides: Sequence[Sequence[TrainingSample]],
    *,
    with_references: bool,
    folds: int = FOLDS,
    seed: int = 0,
    learner: Learner | None = None,
) -> CalibratedScorer:
    """Fit a member on each half's samples, and calibrate them together on held-out items.

    The default learner is logistic regression.
    """
    for side in sides:
        _refuse_too_little(side)
    fold_of = assign_folds([sample.item_id for side in sides for sample in side], folds, seed)
    learn = learner or partial(fit_scorer, with_references=with_references)
    fitted = [_member(side, fold_of, learn, alone=len(sides) == 1) for side in sides]
    samples, scores = _joined(sides, [scores for _, scores in fitted])
    fold = np.array([fold_of[sample.item_id] for sample in samples])
    held_out = HeldOut(samples, scores, fold)
    platt = held_out.platt()
    thresholds = held_out.thresholds(platt, 1.0 if with_references else _CAUTION_WITHOUT_REFERENCES)
    extracts = platt.probabilities(scores[held_out.of(SampleKind.EXTRACT)])
    return CalibratedScorer(
        members=tuple(member for member, _ in fitted),
        platt=platt,
        thresholds=thresholds,
        held_out={s.key: float(score) for s, score in zip(samples, scores, strict=True) if s.kind is SampleKind.WHOLE},
        figures=held_out.figures(),
        errors=held_out.errors(platt, thresholds),
        extract_alarms=float((extracts >= thresholds.synthetic_from[DEFAULT_RATE]).mean()),
    )


def _member(
    samples: Sequence[TrainingSample], fold_of: Mapping[str, int], learn: Learner, *, alone: bool
) -> tuple[Member, Floats]:
    """Return the model of one half, and its samples' scores by models that had not seen their item, in log odds."""
    examples = [Example(sample.item_id, sample.synthetic, sample.features) for sample in samples]
    fold = np.array([fold_of[sample.item_id] for sample in samples])
    scores = _held_out_scores(examples, fold, learn)
    scale = Platt(1.0, 0.0) if alone else HeldOut(samples, scores, fold).platt()
    return Member(learn(examples), scale), scale.slope * scores + scale.intercept


def _joined(sides: Sequence[Sequence[TrainingSample]], scores: Sequence[Floats]) -> tuple[list[TrainingSample], Floats]:
    """Merge the samples of both halves: people's texts and extracts once with their mean score, generations as they
    are.
    """
    first: dict[tuple[object, ...], TrainingSample] = {}
    gathered: dict[tuple[object, ...], list[float]] = defaultdict(list)
    for side, given in zip(sides, scores, strict=True):
        seen: Counter[tuple[object, ...]] = Counter()
        for sample, score in zip(side, given, strict=True):
            name = (sample.item_id, sample.kind, sample.key, sample.synthetic)
            seen[name] += 1
            first.setdefault((*name, seen[name]), sample)
            gathered[*name, seen[name]].append(float(score))
    return list(first.values()), np.array([sum(given) / len(given) for given in gathered.values()])


def assign_folds(item_ids: Sequence[str], folds: int, seed: int) -> dict[str, int]:
    """Assign each item to a fold, evenly and at random; the same for the same items and seed."""
    distinct = sorted(set(item_ids))
    order = np.random.default_rng(seed).permutation(len(distinct))
    return {distinct[place]: rank % folds for rank, place in enumerate(order)}


def _held_out_scores(examples: Sequence[Example], fold: NDArray[np.int_], learn: Learner) -> Floats:
    scores = np.zeros(len(examples))
    for number in np.unique(fold):
        rest = [example for example, own in zip(examples, fold, strict=True) if own != number]
        scorer = learn(rest)
        scores[fold == number] = [
            scorer.score(example.features) for example, own in zip(examples, fold, strict=True) if own == number
        ]
    return scores


def _refuse_too_little(samples: Sequence[TrainingSample]) -> None:
    problem = _too_little(samples)
    if problem:
        raise BadRequest(problem)


def _too_little(samples: Sequence[TrainingSample]) -> str:
    """Return what is missing for training, in a sentence; empty if nothing is."""
    whole = [sample for sample in samples if sample.kind is SampleKind.WHOLE]
    for synthetic, whose in ((False, "by people"), (True, "by language models")):
        chosen = [sample for sample in whole if sample.synthetic is synthetic]
        items = len({sample.item_id for sample in chosen})
        if len(chosen) < FEWEST_TEXTS or items < FEWEST_ITEMS:
            return (
                f"Training needs at least {FEWEST_TEXTS} texts {whose} about at least {FEWEST_ITEMS} items; "
                f"there are {len(chosen)} about {items}."
            )
    return ""
