"""The prevalence report: all four estimates of a study."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from operator import attrgetter

from keytrail.text.prevalence.corrected import ErrorCounts, corrected_share
from keytrail.text.prevalence.intervals import Estimate
from keytrail.text.prevalence.observations import Observation, Test, by_worker, known
from keytrail.text.prevalence.shares import clustered_share, raw_share, two_thresholds
from keytrail.text.prevalence.two_tests import TwoTestEstimate, clustered_two_test, cross_tables, two_test_estimate

TESTS: dict[str, Test] = {
    "pasted": attrgetter("pasted"),
    "external text": attrgetter("external"),
    "reads synthetic": attrgetter("llm_like"),
}


@dataclass(frozen=True, slots=True)
class PrevalenceReport:
    """Estimates of one set of submissions, or of its workers; parts that cannot be computed are empty or None."""

    unit: str
    """"submissions" or "workers" (a worker counts as positive if any submission does)."""
    submissions: int
    workers: int
    raw: tuple[Estimate, ...]
    """(a) Plain shares; with clustered intervals where submissions are counted."""
    corrected: tuple[Estimate, ...]
    """(b) The classifier's count corrected, plain and clustered; none for a classifier that is no better than
    chance."""
    two_tests: TwoTestEstimate | None
    """(c) Log and text together, by population."""
    two_tests_clustered: tuple[Estimate, ...]
    thresholds: tuple[Estimate, ...]
    """(d) The paper's two thresholds, for comparison."""

    def as_json(self) -> dict[str, object]:
        """Return the fields as values that JSON can hold."""
        return asdict(self)


def prevalence_report(
    observations: Sequence[Observation], errors: ErrorCounts | None = None, *, seed: int = 0
) -> PrevalenceReport:
    """Estimate by submission. Without `errors` there is no corrected count. Populations may be several."""
    people = any(observation.operator is not None for observation in observations)
    return _report(
        "submissions", observations, observations, errors, clusterings=(False, True) if people else (False,), seed=seed
    )


def worker_report(
    observations: Sequence[Observation], errors: ErrorCounts | None = None, *, seed: int = 0
) -> PrevalenceReport:
    """Estimate by worker: positive if any submission is. Error rates of single texts then understate those of
    workers.
    """
    return _report("workers", observations, by_worker(observations), errors, clusterings=(), seed=seed)


def split_reports(
    observations: Sequence[Observation],
    part_of: Callable[[Observation], str],
    errors: ErrorCounts | None = None,
    *,
    workers: bool = False,
    seed: int = 0,
) -> dict[str, PrevalenceReport]:
    """Return a report for each subgroup of the submissions (a condition, a platform, a week), by submission or by
    worker.

    The two-test model is fitted jointly, with equal error rates in all subgroups: subgroups that differ identify what
    one alone cannot. Intervals treat submissions as independent.
    """
    split = [replace(observation, population=part_of(observation)) for observation in observations]
    units = by_worker(split) if workers else split
    tables = cross_tables(units)
    joint = two_test_estimate(tables, seed=seed) if tables else None
    parts = sorted({observation.population for observation in split})
    return {
        part: _part(
            "workers" if workers else "submissions",
            [observation for observation in split if observation.population == part],
            [unit for unit in units if unit.population == part],
            errors,
            joint,
            seed,
        )
        for part in parts
    }


def _part(  # one part of a joint estimate
    unit: str,
    observations: Sequence[Observation],
    units: Sequence[Observation],
    errors: ErrorCounts | None,
    joint: TwoTestEstimate | None,
    seed: int,
) -> PrevalenceReport:
    name = units[0].population
    prevalence = () if joint is None else tuple(found for found in joint.prevalence if found.name == name)
    tables = () if joint is None else tuple(table for table in joint.tables if table.population == name)
    return PrevalenceReport(
        unit,
        len(observations),
        len({observation.worker for observation in observations}),
        _raw(units, (), seed),
        _corrected(units, errors, (), seed),
        replace(joint, prevalence=prevalence, together=None, tables=tables)
        if joint is not None and prevalence
        else None,
        (),
        two_thresholds(units),
    )


def _report(
    unit: str,
    observations: Sequence[Observation],
    units: Sequence[Observation],
    errors: ErrorCounts | None,
    *,
    clusterings: Sequence[bool],
    seed: int,
) -> PrevalenceReport:
    tables = cross_tables(units)
    return PrevalenceReport(
        unit,
        len(observations),
        len({observation.worker for observation in observations}),
        _raw(units, clusterings, seed),
        _corrected(units, errors, clusterings, seed),
        two_test_estimate(tables, seed=seed) if tables else None,
        tuple(
            estimate
            for by_operator in clusterings
            if tables
            for estimate in clustered_two_test(units, by_operator=by_operator, seed=seed)
        ),
        two_thresholds(units),
    )


def _raw(units: Sequence[Observation], clusterings: Sequence[bool], seed: int) -> tuple[Estimate, ...]:
    made = []
    for name, test in TESTS.items():
        made.append(raw_share(name, units, test))
        made += [clustered_share(name, units, test, by_operator=operator, seed=seed) for operator in clusterings]
    return tuple(estimate for estimate in made if estimate is not None)


def _corrected(
    units: Sequence[Observation], errors: ErrorCounts | None, clusterings: Sequence[bool], seed: int
) -> tuple[Estimate, ...]:
    results, tested = known(units, TESTS["reads synthetic"])
    if errors is None or not errors.informative or not results:
        return ()
    clustered = [
        corrected_share(results, errors, people=[o.person if by_operator else o.worker for o in tested], seed=seed)
        for by_operator in clusterings
    ]
    return (corrected_share(results, errors, seed=seed), *clustered)
