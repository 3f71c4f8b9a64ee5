"""Held-out scores: scores of samples by models that had not seen their items, and what is learnt from them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from keytrail.text.classifier.calibration import Platt, Thresholds, fit_platt, learn_thresholds
from keytrail.text.classifier.corpus import CorpusSource
from keytrail.text.classifier.features import Floats
from keytrail.text.classifier.metrics import Figures, figures_of
from keytrail.text.classifier.samples import SampleKind, TrainingSample

Flags = NDArray[np.bool_]
ENOUGH_LAB_PEOPLE = 30
"""Number of lab texts by people from which on error rates are learnt from lab texts alone."""


@dataclass(frozen=True, slots=True)
class ErrorTally:
    """The results of a threshold on whole held-out texts."""

    found: int
    synthetic: int
    """`found` of this many synthetic texts read synthetic."""
    cleared: int
    people: int
    """`cleared` of this many texts by people did not."""


@dataclass(frozen=True)
class HeldOut:
    """Samples, their scores, and the fold in which each was held out."""

    samples: Sequence[TrainingSample]
    scores: Floats
    fold: NDArray[np.int_]

    @cached_property
    def synthetic(self) -> Flags:
        """A mask of the synthetic samples."""
        return np.array([sample.synthetic for sample in self.samples])

    @cached_property
    def trusted(self) -> Flags:
        """A mask of the samples from which error rates may be learnt.

        Labels from a study's own logs are excluded as soon as there are enough lab texts by people: otherwise the
        classifier's error rates would depend on the evidence with which it is later combined.
        """
        lab = np.array([sample.source is CorpusSource.LAB for sample in self.samples])
        people = lab & ~self.synthetic & self.of(SampleKind.WHOLE)
        return lab if people.sum() >= ENOUGH_LAB_PEOPLE else np.ones(len(lab), dtype=bool)

    def of(self, *kinds: SampleKind) -> Flags:
        """Return a mask of the samples of these kinds."""
        return np.array([sample.kind in kinds for sample in self.samples])

    def platt(self, among: Flags | None = None) -> Platt:
        """Fit Platt's curve on whole texts, the kind that people submit; optionally on some of the samples only."""
        used = self.trusted & self.of(SampleKind.WHOLE)
        if among is not None:
            used &= among
        return fit_platt(self.scores[used], self.synthetic[used])

    def probabilities(self) -> Floats:
        """Return each sample's probability by the curve of the other folds, as for a new item."""
        given = np.zeros(len(self.scores))
        for number in np.unique(self.fold):
            inside = self.fold == number
            given[inside] = self.platt(~inside).probabilities(self.scores[inside])
        return given

    def thresholds(self, platt: Platt, caution: float) -> Thresholds:
        """Learn thresholds for people's texts (whole and truncated) and for extracts, at `caution` times the nominal
        rates.
        """
        given = platt.probabilities(self.scores)
        complete = self.trusted & self.of(SampleKind.WHOLE, SampleKind.TRUNCATED)
        return learn_thresholds(
            (given[complete & ~self.synthetic], given[self.of(SampleKind.EXTRACT)]),
            given[complete & self.synthetic],
            caution=caution,
        )

    def errors(self, platt: Platt, thresholds: Thresholds) -> dict[float, ErrorTally]:
        """Return the tally of each nominal rate; slightly optimistic, because thresholds were learnt on the same
        scores.
        """
        whole = self.trusted & self.of(SampleKind.WHOLE)
        synthetic = self.synthetic[whole]
        given = platt.probabilities(self.scores[whole])
        tallies = {}
        for rate, bound in thresholds.synthetic_from.items():
            called = given >= bound
            tallies[rate] = ErrorTally(
                found=int((called & synthetic).sum()),
                synthetic=int(synthetic.sum()),
                cleared=int((~called & ~synthetic).sum()),
                people=int((~synthetic).sum()),
            )
        return tallies

    def figures(self) -> Figures:
        """Return grouped cross-validation figures of whole texts."""
        whole = self.trusted & self.of(SampleKind.WHOLE)
        return figures_of(self.probabilities()[whole], self.synthetic[whole])
