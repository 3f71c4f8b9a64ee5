"""What a learner is given and what it gives back, whichever kind it is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from keytrail.text.classifier.assessment import Basis
from keytrail.text.classifier.features import TextFeatures


@dataclass(frozen=True)
class Example:
    """One text for fitting: its item, its class and what was read of it."""

    item_id: str
    synthetic: bool
    features: TextFeatures


class Scorer(Protocol):
    """A fitted model; a score above 0 leans to synthetic, but only calibration gives it a meaning."""

    @property
    def basis(self) -> Basis:
        """What it judges by."""

    def score(self, features: TextFeatures) -> float:
        """Log odds before calibration, for one text."""


Learner = Callable[[Sequence[Example]], Scorer]
"""Fits a scorer to examples, each time from the start; the same examples give the same scorer."""
