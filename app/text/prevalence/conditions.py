"""What a condition changed: differences and ratios of shares, with intervals that resample whole workers."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np

from app.errors import BadRequest, NotFound
from app.text.prevalence.clusters import DRAWS, clustered_shares, people_note
from app.text.prevalence.corrected import ErrorCounts
from app.text.prevalence.intervals import Estimate, Interval, of_draws
from app.text.prevalence.observations import Observation, Test, known
from app.text.prevalence.shares import clustered_share

_ASSUMPTIONS = (
    "Workers were assigned at random, and drop-outs are alike in all conditions; look at these beside this figure.",
    "Submissions by one worker may go together; workers are taken as independent of each other.",
)
_CORRECTED = "The classifier errs equally often in either condition."


@dataclass(frozen=True, slots=True)
class Difference:
    """One condition against the reference condition."""

    condition: str
    reference: str
    share: Estimate
    reference_share: Estimate
    difference: float
    """Share minus the reference's share: below 0 is less."""
    interval: Interval
    ratio: float | None
    """Share over the reference's share: one half is a halving. None if the reference's share is 0."""
    ratio_interval: Interval | None
    assumptions: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """Plain values."""
        return asdict(self)


def condition_differences(
    conditions: Mapping[str, Sequence[Observation]],
    reference: str,
    test: Test,
    *,
    errors: ErrorCounts | None = None,
    seed: int = 0,
) -> list[Difference]:
    """Each other condition against the reference; with `errors`, differences are corrected for the classifier's errors.

    Raises NotFound if there is no such reference and BadRequest if a condition has no known result.
    """
    if reference not in conditions:
        raise NotFound(f"There is no condition {reference!r}.")
    scale = 1.0 if errors is None else errors.sensitivity.rate + errors.specificity.rate - 1
    if scale <= 0:
        raise BadRequest("The test finds no more among synthetic texts than among others; its count says nothing.")
    return [
        _difference(name, conditions[name], reference, conditions[reference], test, scale=scale, seed=seed + number)
        for number, name in enumerate(conditions, start=1)
        if name != reference
    ]


def _difference(  # noqa: PLR0913 - two named groups and how to compare them
    name: str,
    group: Sequence[Observation],
    reference: str,
    reference_group: Sequence[Observation],
    test: Test,
    *,
    scale: float,
    seed: int,
) -> Difference:
    share = clustered_share(name, group, test, seed=seed)
    reference_share = clustered_share(reference, reference_group, test, seed=0)
    if share is None or reference_share is None:
        raise BadRequest(f"No submission could be judged in {name if share is None else reference}.")
    draws, reference_draws = _draws(group, test, seed), _draws(reference_group, test, 0)
    ratio = share.value / reference_share.value if reference_share.value else None
    people = {o.worker for o in group} | {o.worker for o in reference_group}
    return Difference(
        name,
        reference,
        share,
        reference_share,
        (share.value - reference_share.value) / scale,
        of_draws((draws - reference_draws) / scale),
        ratio,
        of_draws(draws / np.maximum(reference_draws, 1e-9)) if ratio is not None else None,
        (*_ASSUMPTIONS, *((_CORRECTED,) if scale < 1 else ()), *people_note(sorted(people))),
    )


def _draws(group: Sequence[Observation], test: Test, seed: int) -> "np.ndarray[tuple[int, ...], np.dtype[np.float64]]":
    results, kept = known(group, test)
    return clustered_shares(results, [observation.worker for observation in kept], DRAWS, seed)
