"""Estimate (c): two imperfect tests, the log and the text, without a gold standard (Hui and Walter 1980)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache

import numpy as np

from keytrail.errors import BadRequest
from keytrail.text.prevalence.clusters import design_effect
from keytrail.text.prevalence.convergence import FEWEST_EFFECTIVE, LARGEST_R_HAT, effective_draws, r_hat
from keytrail.text.prevalence.gibbs import Beta, Priors, State, sample
from keytrail.text.prevalence.intervals import Estimate, Floats, Interval, of_draws
from keytrail.text.prevalence.observations import Observation

DEFAULT_PRIORS = Priors(Beta(1, 1), (Beta(4, 1), Beta(4, 1)), (Beta(4, 1), Beta(4, 1)))
"""Prevalence: uniform. Each test: right in about four of five cases, with the weight of five cases. That is enough to
say which side is "synthetic" and little compared with a hundred submissions."""
CHAINS, DRAWS, WARM_UP = 24, 2400, 400
_REMEMBERED = 256
"""Number of estimates that a process caches; each takes a few kilobytes."""
_ASSUMPTIONS = (
    "Given who wrote a text, the log and the classifier err independently of each other.",
    "Submissions whose log was used to train the classifier are not counted.",
    "Each test has the same error rates in every population.",
    "Prior: every prevalence is equally likely, and each test is right in about four of five cases.",
)
NOT_IDENTIFIED = (
    "There is only one population: three counts for five unknowns, so the estimate depends on the prior as much as on "
    "the data."
)
WEAKLY_IDENTIFIED = (
    "The populations may have the same prevalence; they then count as one, and the estimate depends on the prior as "
    "much as on the data."
)
NOT_MIXED = "The sampler did not converge. Do not use these figures."


@dataclass(frozen=True, slots=True)
class TwoTestTable:
    """Submissions of one population by both tests."""

    population: str
    both: int
    log_only: int
    text_only: int
    neither: int

    @property
    def units(self) -> int:
        """The population's submissions, whatever the tests said."""
        return self.both + self.log_only + self.text_only + self.neither

    def counts(self) -> list[list[int]]:
        """Counts of log test (no, yes) by text test (no, yes)."""
        return [[self.neither, self.text_only], [self.log_only, self.both]]

    def as_json(self) -> dict[str, object]:
        """Return the fields as values that JSON can hold."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class TwoTestEstimate:
    """Prevalence by population, and the error rates of both tests."""

    prevalence: tuple[Estimate, ...]
    together: Estimate | None
    """All populations together, weighted by their submissions; None for a single one."""
    sensitivity: tuple[Estimate, Estimate]
    """Of the log test and of the text test, as shares from 0 to 1; so is `specificity`."""
    specificity: tuple[Estimate, Estimate]
    tables: tuple[TwoTestTable, ...]
    identified: bool
    """Whether the data identify the parameters: at least two populations that differ."""
    r_hat: float
    """Largest rank-normalised split R-hat; 1 is agreement, above 1.01 the estimate must not be used."""
    effective_draws: float
    """Smallest effective sample size of any parameter; below 400 the estimate must not be used."""
    assumptions: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """Return the fields as values that JSON can hold."""
        return asdict(self)


def cross_tables(observations: Sequence[Observation]) -> list[TwoTestTable]:
    """Return a table for each population, in order of appearance, of the submissions with results of both tests."""
    cells = Counter(
        (observation.population, observation.external, observation.llm_like)
        for observation in observations
        if observation.external is not None and observation.llm_like is not None
    )
    populations = dict.fromkeys(population for population, _, _ in cells)
    return [
        TwoTestTable(
            population,
            both=cells[population, True, True],
            log_only=cells[population, True, False],
            text_only=cells[population, False, True],
            neither=cells[population, False, False],
        )
        for population in populations
    ]


def two_test_estimate(
    tables: Sequence[TwoTestTable], *, priors: Priors = DEFAULT_PRIORS, seed: int = 0
) -> TwoTestEstimate:
    """Return the posterior of the two-test model over all populations together. Raises BadRequest without
    submissions.
    """
    if not any(table.units for table in tables):
        raise BadRequest("There is no submission with a result from both the log and the text.")
    return _estimated(tuple(tables), priors, seed)


@lru_cache(maxsize=_REMEMBERED)
def _estimated(tables: tuple[TwoTestTable, ...], priors: Priors, seed: int) -> TwoTestEstimate:
    """Compute the estimate. Cached, because it takes most of a second and a study is viewed more often than
    it grows.
    """
    counts = np.array([[table.counts() for table in tables]])
    draws = sample(np.repeat(counts, CHAINS, axis=0), priors, draws=DRAWS, warm_up=WARM_UP, seed=seed)
    agreement, effective = _convergence(draws)
    identified, notes = _identification(draws)
    if not (agreement <= LARGEST_R_HAT and effective >= FEWEST_EFFECTIVE):
        notes = (*notes, NOT_MIXED)
    assumptions = (*_ASSUMPTIONS, *notes)
    total = sum(table.units for table in tables)
    return TwoTestEstimate(
        tuple(
            _posterior(table.population, draws.prevalence[:, :, place], table.units, assumptions)
            for place, table in enumerate(tables)
        ),
        _together(draws.prevalence, tables, assumptions),
        _both_tests("sensitivity", draws.sensitivity, total),
        _both_tests("specificity", draws.specificity, total),
        tables,
        identified,
        agreement,
        effective,
        assumptions,
    )


def clustered_two_test(
    observations: Sequence[Observation], *, by_operator: bool = False, priors: Priors = DEFAULT_PRIORS, seed: int = 0
) -> tuple[Estimate, ...]:
    """Return prevalence by population with wider intervals, because submissions by one person are correlated.

    Each population's table is scaled down by its design effect to its effective number of submissions, by workers or by
    suspected operators.
    """
    used = [o for o in observations if o.external is not None and o.llm_like is not None]
    tables = cross_tables(used)
    point = two_test_estimate(tables, priors=priors, seed=seed)
    effects = [_design_effect([o for o in used if o.population == table.population], by_operator) for table in tables]
    shrunk = [_shrunk(table, effect) for table, effect in zip(tables, effects, strict=True)]
    wider = two_test_estimate(shrunk, priors=priors, seed=seed)
    who = "suspected operators" if by_operator else "workers"
    return tuple(
        Estimate(
            estimate.name,
            estimate.value,
            again.interval,
            estimate.units,
            f"two tests, design effect {effect:.2f} of {who}",
            wider.assumptions,
        )
        for estimate, again, effect in zip(point.prevalence, wider.prevalence, effects, strict=True)
    )


def _design_effect(observations: Sequence[Observation], by_operator: bool) -> float:  # noqa: FBT001 - passed on
    people = [observation.person if by_operator else observation.worker for observation in observations]
    return max(
        design_effect([bool(o.external) for o in observations], people),
        design_effect([bool(o.llm_like) for o in observations], people),
    )


def _shrunk(table: TwoTestTable, effect: float) -> TwoTestTable:
    """Return the table with its cells divided and rounded; one submission stays."""
    cells = (table.both, table.log_only, table.text_only, table.neither)
    scaled = [round(cell / effect) for cell in cells]
    if not any(scaled):
        scaled[cells.index(max(cells))] = 1
    return TwoTestTable(table.population, *scaled)


def _identification(draws: State) -> tuple[bool, tuple[str, ...]]:
    populations = draws.prevalence.shape[2]
    if populations == 1:
        return False, (NOT_IDENTIFIED,)
    spread = [
        of_draws((draws.prevalence[:, :, first] - draws.prevalence[:, :, second]).ravel())
        for first in range(populations)
        for second in range(first)
    ]
    differ = any(interval.low > 0 or interval.high < 0 for interval in spread)
    return differ, () if differ else (WEAKLY_IDENTIFIED,)


def _together(prevalence: Floats, tables: Sequence[TwoTestTable], assumptions: tuple[str, ...]) -> Estimate | None:
    if len(tables) < 2:  # noqa: PLR2004 - one population is itself
        return None
    units = np.array([table.units for table in tables])
    return _posterior("all together", prevalence @ (units / units.sum()), int(units.sum()), assumptions)


def _both_tests(what: str, draws: Floats, units: int) -> tuple[Estimate, Estimate]:
    log, text = (
        _posterior(f"{what} of the {name}", draws[:, :, place], units, ()) for place, name in enumerate(("log", "text"))
    )
    return log, text


def _posterior(name: str, draws: Floats, units: int, assumptions: tuple[str, ...]) -> Estimate:
    interval: Interval = of_draws(draws.ravel())
    return Estimate(name, float(draws.mean()), interval, units, "two tests, posterior mean", assumptions)


def _convergence(draws: State) -> tuple[float, float]:
    """Return the worst R-hat and the worst effective sample size over all rates."""
    series = [
        rates[:, :, place]
        for rates in (draws.prevalence, draws.sensitivity, draws.specificity)
        for place in range(rates.shape[2])
    ]
    return max(map(r_hat, series)), min(map(effective_draws, series))
