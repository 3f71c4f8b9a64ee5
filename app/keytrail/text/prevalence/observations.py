"""Observations: the data of each submission that enter an estimate."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Observation:
    """One submission. None stands for "unknown": the log is incomplete, the text cannot be assessed."""

    population: str
    """Platform, study or condition: whatever prevalence may differ by."""
    worker: str
    external: bool | None = None
    """The log test: at least half of the text came from outside."""
    llm_like: bool | None = None
    """The text test, at the threshold for counting (5 % false alarms by default)."""
    pasted: bool | None = None
    logit: float | None = None
    """Log odds of the classifier's probability."""
    operator: str | None = None
    """Workers suspected to be one person (findings of shared rhythm); None if no suspicion."""
    condition: str | None = None

    @property
    def person(self) -> str:
        """The suspected operator, or else the worker."""
        return f"operator {self.operator}" if self.operator is not None else f"worker {self.worker}"


Test = Callable[[Observation], bool | None]


def known(observations: Iterable[Observation], test: Test) -> tuple[list[bool], list[Observation]]:
    """Return the results of a test where there is one, and their observations."""
    tested = [observation for observation in observations if test(observation) is not None]
    return [bool(test(observation)) for observation in tested], tested


def by_worker(observations: Sequence[Observation]) -> list[Observation]:
    """Return one observation per worker and population: positive if any submission is, unknown if none is known."""
    grouped: dict[tuple[str, str], list[Observation]] = defaultdict(list)
    for observation in observations:
        grouped[observation.population, observation.worker].append(observation)
    return [_merged(group) for group in grouped.values()]


def _merged(group: Sequence[Observation]) -> Observation:
    first = group[0]
    logits = [observation.logit for observation in group if observation.logit is not None]
    return Observation(
        population=first.population,
        worker=first.worker,
        external=_any(observation.external for observation in group),
        llm_like=_any(observation.llm_like for observation in group),
        pasted=_any(observation.pasted for observation in group),
        logit=max(logits, default=None),
        operator=first.operator,
        condition=first.condition,
    )


def _any(results: Iterable[bool | None]) -> bool | None:
    seen = [result for result in results if result is not None]
    return any(seen) if seen else None
