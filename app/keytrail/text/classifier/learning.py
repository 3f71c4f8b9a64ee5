"""The interface of learners: examples in, a scorer out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from keytrail.text.classifier.assessment import Basis
from keytrail.text.classifier.features import TextFeatures


@dataclass(frozen=True)
class Example:
    """One text for fitting: its item, its class and its features."""

    item_id: str
    synthetic: bool
    features: TextFeatures


class Scorer(Protocol):
    """A fitted model; a score above 0 leans to synthetic, but only calibration gives it a meaning."""

    @property
    def basis(self) -> Basis:
        """The kind of model."""

    def score(self, features: TextFeatures) -> float:
        """Return log odds before calibration, for one text."""


Learner = Callable[[Sequence[Example]], Scorer]
"""Fit a scorer to examples from scratch; the same examples give the same scorer."""
