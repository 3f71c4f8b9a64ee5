"""Estimate (a): plain shares; and (d): the paper's two thresholds on one classifier."""

from collections.abc import Sequence

from keytrail.text.prevalence.clusters import clustered_interval, people_note
from keytrail.text.prevalence.intervals import Estimate, Interval, jeffreys, wilson
from keytrail.text.prevalence.observations import Observation, Test, known

LOOSE_LOGIT, STRICT_LOGIT = 0.0, 4.0
"""The two thresholds of the 2023 paper: 21 and 15 of 46 texts, its "33-46 %"."""
_RAW = "This count is not corrected for the test's errors."
_INDEPENDENT = "Submissions are independent of each other."
_CLUSTERED = "Submissions by one person may be correlated; people are independent of each other."
_UNCALIBRATED = (
    "Two thresholds on one classifier's scores, as in the paper; the range between them is not an uncertainty interval."
)


def raw_share(name: str, observations: Sequence[Observation], test: Test, *, exact: bool = False) -> Estimate | None:
    """Return the share of positive submissions with Wilson's interval (`exact`: Jeffreys'); None without a known
    result.
    """
    results, _ = known(observations, test)
    if not results:
        return None
    interval: Interval = (jeffreys if exact else wilson)(sum(results), len(results))
    method = "share, Jeffreys interval" if exact else "share, Wilson interval"
    return Estimate(name, sum(results) / len(results), interval, len(results), method, (_RAW, _INDEPENDENT))


def clustered_share(
    name: str, observations: Sequence[Observation], test: Test, *, by_operator: bool = False, seed: int = 0
) -> Estimate | None:
    """Return the share with an interval that resamples whole workers, or whole suspected operators."""
    results, tested = known(observations, test)
    if not results:
        return None
    people = [observation.person if by_operator else observation.worker for observation in tested]
    return Estimate(
        name,
        sum(results) / len(results),
        clustered_interval(results, people, seed=seed),
        len(results),
        f"share, bootstrap over {'suspected operators' if by_operator else 'workers'}",
        (_RAW, _CLUSTERED, *people_note(people)),
    )


def two_thresholds(observations: Sequence[Observation]) -> tuple[Estimate, ...]:
    """Return the shares of texts whose log odds exceed the paper's two thresholds, loose then strict; empty without
    scores.
    """
    estimates = []
    for name, cut in (("log odds above 0", LOOSE_LOGIT), ("log odds above 4", STRICT_LOGIT)):
        share = raw_share(name, observations, _above(cut))
        if share is not None:
            estimates.append(
                Estimate(name, share.value, share.interval, share.units, share.method, (_UNCALIBRATED, _RAW))
            )
    return tuple(estimates)


def _above(cut: float) -> Test:
    return lambda observation: None if observation.logit is None else observation.logit > cut
