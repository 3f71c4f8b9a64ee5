"""Compare conditions: each figure by condition, with differences and ratios that resample whole workers."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np

from keytrail.errors import BadRequest, NotFound
from keytrail.text.prevalence.clusters import DRAWS, clustered_shares, people_note
from keytrail.text.prevalence.corrected import ErrorCounts, rogan_gladen
from keytrail.text.prevalence.intervals import Floats, Interval, of_draws

_ASSUMPTIONS = (
    "Workers were assigned at random, and drop-out is the same in all conditions; check the drop-outs too.",
    "Submissions by one worker may be correlated; workers are independent of each other.",
)
_CORRECTED = "The classifier's error rates are the same in every condition as on the texts from which they come."
_JEFFREYS = 0.5
_FEWEST_PEOPLE = 2


@dataclass(frozen=True, slots=True)
class Sample:
    """A figure in one condition: its value for each submission or session, and the worker of each."""

    values: Sequence[float]
    people: Sequence[str]


@dataclass(frozen=True, slots=True)
class ComparisonRow:
    """One condition's mean, and its difference from the reference condition; intervals need two workers."""

    condition: str
    value: float
    interval: Interval | None
    units: int
    workers: int
    difference: float | None = None
    """Value minus the reference's: below 0 is less. None for the reference itself."""
    difference_interval: Interval | None = None
    ratio: float | None = None
    """Value over the reference's: one half is a halving. None if the reference's is 0."""
    ratio_interval: Interval | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """One figure in all conditions where it is known, the reference first."""

    figure: str
    is_share: bool
    reference: str
    rows: tuple[ComparisonRow, ...]
    assumptions: tuple[str, ...]
    not_comparable: tuple[str, ...] = ()
    """Conditions that have no row because the figure means something else in them."""

    def as_json(self) -> dict[str, object]:
        """Return the fields as values that JSON can hold."""
        return asdict(self)


def compare_shares(
    figure: str, groups: Mapping[str, Sample], reference: str, *, errors: ErrorCounts | None = None, seed: int = 0
) -> Comparison:
    """Compare shares of values that are 0 or 1.

    With `errors` they are corrected for the classifier's errors (Rogan and Gladen), whose own uncertainty is in the
    intervals. Raises NotFound without results in the reference, BadRequest if the test is no better than chance.
    """
    return _compared(figure, groups, reference, _Shares(errors, seed))


def compare_means(figure: str, groups: Mapping[str, Sample], reference: str, *, seed: int = 0) -> Comparison:
    """Compare means of any values. Raises NotFound without values in the reference."""
    return _compared(figure, groups, reference, _Means(seed))


class _Means:
    """How means are computed and drawn."""

    is_share = False
    assumptions: tuple[str, ...] = ()

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def value(self, sample: Sample) -> float:
        return float(np.mean(sample.values))

    def draws(self, sample: Sample, number: int) -> Floats:
        return clustered_shares(sample.values, sample.people, DRAWS, self._seed + number)


class _Shares(_Means):
    """Like means, but a share of 0 or 1 is not certain, and the counting test may err."""

    is_share = True

    def __init__(self, errors: ErrorCounts | None, seed: int) -> None:
        super().__init__(seed)
        self._rates: tuple[float, float] | None = None
        if errors is not None:
            random = np.random.default_rng(seed)
            self._rates = errors.sensitivity.rate, errors.specificity.rate
            self._drawn = errors.sensitivity.draws(random, DRAWS), errors.specificity.draws(random, DRAWS)
            self.assumptions = (_CORRECTED,)
            if sum(self._rates) <= 1:
                raise BadRequest("The test is no better than chance, so its count cannot be corrected.")

    def value(self, sample: Sample) -> float:
        share = super().value(sample)
        return share if self._rates is None else rogan_gladen(share, *self._rates)

    def draws(self, sample: Sample, number: int) -> Floats:
        if len(set(sample.values)) == 1:
            # Resampling equal results always gives the same share; Jeffreys' prior is used instead, with each worker
            # counted once.
            people = len(set(sample.people))
            positive = people * sample.values[0]
            random = np.random.default_rng(self._seed + number)
            drawn = random.beta(positive + _JEFFREYS, people - positive + _JEFFREYS, DRAWS)
        else:
            drawn = super().draws(sample, number)
        if self._rates is None:
            return drawn
        sensitivity, specificity = self._drawn
        # A drawn test that is no better than chance would change the sign; there are hardly any.
        informedness = np.maximum(sensitivity + specificity - 1, 0.01)
        return np.clip((drawn + specificity - 1) / informedness, 0.0, 1.0)


def _compared(figure: str, groups: Mapping[str, Sample], reference: str, how: _Means) -> Comparison:
    if reference not in groups or not groups[reference].values:
        raise NotFound(f"Nothing is known of {figure} in the condition {reference!r}.")
    names = [reference, *(name for name in groups if name != reference and groups[name].values)]
    draws = {name: how.draws(groups[name], number) for number, name in enumerate(names)}
    base = how.value(groups[reference])
    rows = [_row(name, groups[name], how.value(groups[name]), draws[name]) for name in names[:1]]
    for name in names[1:]:
        row = _row(name, groups[name], how.value(groups[name]), draws[name])
        rows.append(_against(row, base, draws[name], draws[reference], reference_known=rows[0].interval is not None))
    people = {person for sample in groups.values() for person in sample.people}
    return Comparison(
        figure, how.is_share, reference, tuple(rows), (*_ASSUMPTIONS, *how.assumptions, *people_note(sorted(people)))
    )


def _row(name: str, sample: Sample, value: float, draws: Floats) -> ComparisonRow:
    workers = len(set(sample.people))
    interval = of_draws(draws) if workers >= _FEWEST_PEOPLE else None
    return ComparisonRow(name, value, interval, len(sample.values), workers)


def _against(
    row: ComparisonRow, base: float, draws: Floats, reference: Floats, *, reference_known: bool
) -> ComparisonRow:
    known = row.interval is not None and reference_known
    return ComparisonRow(
        row.condition,
        row.value,
        row.interval,
        row.units,
        row.workers,
        row.value - base,
        of_draws(draws - reference) if known else None,
        row.value / base if base else None,
        of_draws(draws / np.maximum(reference, 1e-9)) if known and base else None,
    )
