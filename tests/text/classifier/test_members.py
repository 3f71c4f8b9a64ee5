"""Two members whose scores are on different scales have equal weight in their mean."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pytest

from keytrail.text.classifier.assessment import Basis
from keytrail.text.classifier.corpus import CorpusSource
from keytrail.text.classifier.features import TextFeatures
from keytrail.text.classifier.learning import Example
from keytrail.text.classifier.samples import SampleKind, TrainingSample
from keytrail.text.classifier.training import train_scorer
from keytrail.text.items import ReferenceView

LOUDER = 10.0


@dataclass(frozen=True)
class AsWritten:
    """Scores a text by the number that stands in it."""

    basis = Basis.REFERENCES

    def score(self, features: TextFeatures) -> float:
        return float(features.tokens[0])


def learn(examples: Sequence[Example]) -> AsWritten:
    assert examples
    return AsWritten()


def features(score: float) -> TextFeatures:
    nothing = ReferenceView((0.0,) * 3, (0.0,) * 3)
    return TextFeatures((repr(score),), (), (), nothing, nothing)


def side(scale: float, *, shift: float = 0.0) -> list[TrainingSample]:
    """The same texts about six items, with scores `scale` times as large."""
    random = np.random.default_rng(9)
    texts = [(f"item {number % 6}", number % 2 == 0, number) for number in range(240)]
    whole = [
        TrainingSample(
            item,
            synthetic,
            SampleKind.WHOLE,
            CorpusSource.LAB,
            f"text {number}",
            features(scale * (random.normal(1 if synthetic else -1, 1.2)) + shift),
            has_references=True,
        )
        for item, synthetic, number in texts
    ]
    extract = [
        TrainingSample(
            item,
            synthetic=False,
            kind=SampleKind.EXTRACT,
            source=CorpusSource.LAB,
            key="",
            features=features(scale * -1 + shift),
            has_references=True,
        )
        for item, _, _ in texts[:12]
    ]
    return whole + extract


def test_each_half_is_calibrated_before_they_are_averaged() -> None:
    alone = train_scorer([side(1)], with_references=True, learner=learn)
    both = train_scorer([side(1), side(LOUDER, shift=3)], with_references=True, learner=learn)
    quiet, loud = (member.scale for member in both.members)
    assert loud.slope == pytest.approx(quiet.slope / LOUDER, rel=0.02)
    assert loud.log_odds(3.0) == pytest.approx(quiet.log_odds(0.0), abs=0.02)
    # On one scale both say the same of a text, so the second changes nothing in what a score means.
    for key, score in both.held_out.items():
        assert score == pytest.approx(quiet.log_odds(alone.held_out[key]), abs=0.05)
        assert both.platt.probability(score) == pytest.approx(alone.platt.probability(alone.held_out[key]), abs=0.02)
