"""Estimate (b): the classifier's count, corrected for its error rates and their uncertainty."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np

from keytrail.errors import BadRequest
from keytrail.text.prevalence.clusters import clustered_shares, people_note
from keytrail.text.prevalence.intervals import Estimate, Floats, of_draws

DRAWS = 20_000
_JEFFREYS = 0.5
_ASSUMPTIONS = (
    "The classifier errs as often in this study as on the texts from which its error rates come.",
    "Lab and field error rates may differ; a wrong rate shifts the estimate by more than the interval shows.",
    "Its error rates are the same for everybody in the study.",
)


@dataclass(frozen=True, slots=True)
class Counted:
    """A rate as counts: `right` of `tried`."""

    right: int
    tried: int

    @property
    def rate(self) -> float:
        """The share; one half if nothing was tried."""
        return self.right / self.tried if self.tried else 0.5

    def draws(self, random: np.random.Generator, number: int) -> Floats:
        """Draw from the rate's Beta posterior with Jeffreys' prior."""
        return random.beta(self.right + _JEFFREYS, self.tried - self.right + _JEFFREYS, number)


@dataclass(frozen=True, slots=True)
class ErrorCounts:
    """Sensitivity and specificity of the text test, as counted on texts of known origin."""

    sensitivity: Counted
    specificity: Counted
    counted_on: str
    """In words: held-out lab texts, or field texts labelled by their logs."""

    @property
    def informative(self) -> bool:
        """Whether the test is better than chance; otherwise its count cannot be corrected."""
        return self.sensitivity.rate + self.specificity.rate > 1

    def as_json(self) -> dict[str, object]:
        """Return the fields as values that JSON can hold."""
        return asdict(self)


def rogan_gladen(apparent: float, sensitivity: float, specificity: float) -> float:
    """Return the prevalence for a share of positives, by Rogan and Gladen (1978), clipped to 0 and 1.

    Raises BadRequest if the test is no better than chance.
    """
    informedness = sensitivity + specificity - 1
    if informedness <= 0:
        raise BadRequest("The test is no better than chance, so its count cannot be corrected.")
    return min(1.0, max(0.0, (apparent + specificity - 1) / informedness))


def corrected_share(
    results: Sequence[bool], errors: ErrorCounts, *, people: Sequence[str] | None = None, seed: int = 0
) -> Estimate:
    """Return the corrected share; its interval includes the uncertainty of all three rates.

    With `people` (one for each result) the share of positives varies by resampling people instead of by its count.
    Raises BadRequest without results.
    """
    positive, units = sum(results), len(results)
    if not units:
        raise BadRequest("There are no submissions to count.")
    random = np.random.default_rng(seed)
    if people is None:
        apparent = Counted(positive, units).draws(random, DRAWS)
    else:
        apparent = clustered_shares(results, people, DRAWS, seed)
    draws = _corrected(apparent, errors, random)
    grouped = "" if people is None else ", bootstrap over people"
    return Estimate(
        "corrected count",
        rogan_gladen(positive / units, errors.sensitivity.rate, errors.specificity.rate),
        of_draws(draws),
        units,
        f"Rogan-Gladen with Beta draws of the error rates{grouped}",
        (*_ASSUMPTIONS, f"Error rates come from: {errors.counted_on}.", *(people_note(people) if people else ())),
    )


def _corrected(apparent: Floats, errors: ErrorCounts, random: np.random.Generator) -> Floats:
    """Return corrected draws, without draws of a test no better than chance."""
    sensitivity = errors.sensitivity.draws(random, len(apparent))
    specificity = errors.specificity.draws(random, len(apparent))
    useful = sensitivity + specificity > 1
    if not useful.any():
        raise BadRequest("The test is no better than chance, so its count cannot be corrected.")
    corrected = (apparent + specificity - 1)[useful] / (sensitivity + specificity - 1)[useful]
    return np.clip(corrected, 0.0, 1.0)
