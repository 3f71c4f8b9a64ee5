"""Power analysis: how many workers a comparison of conditions needs."""

from dataclasses import dataclass
from math import ceil, sqrt
from statistics import NormalDist
from typing import Final

from keytrail.errors import BadRequest

_MOST_COMPARISONS: Final = 1000
_MOST_SUBMISSIONS: Final = 1_000_000
_LEAST_DIFFERENCE: Final = 1e-6
"""Between the shares that the test finds; a smaller one takes more workers than there are people."""


@dataclass(frozen=True, slots=True)
class PowerPlan:
    """A planned comparison of two conditions."""

    baseline: float
    """Prevalence expected without the measure; about 0.30 in the 2023 studies."""
    ratio: float = 0.5
    """Prevalence with the measure over that without: 0.5 is the halving of the follow-up study."""
    power: float = 0.8
    """Probability of detecting the effect if it exists."""
    false_positive: float = 0.05
    """Probability of detecting one that does not exist, two-sided, over all comparisons."""
    comparisons: int = 1
    """Conditions compared with the reference; the probability above is divided among them (Bonferroni)."""
    submissions_per_worker: float = 1.0
    within_worker: float = 0.0
    """Correlation of results of one worker: 0 if their submissions are independent, 1 if all are the same."""
    sensitivity: float = 1.0
    specificity: float = 1.0
    """Of the counting test: an imperfect one reduces the difference."""

    def __post_init__(self) -> None:
        shares = (self.baseline, self.power, self.sensitivity, self.specificity, self.false_positive)
        if not all(0 < share <= 1 for share in shares) or not 0 <= self.within_worker <= 1:
            raise BadRequest("Enter shares and probabilities between 0 and 1.")
        if self.power == 1 or self.false_positive == 1:
            raise BadRequest("Choose probabilities below 1: certainty would need infinitely many workers.")
        if not 0 <= self.ratio * self.baseline <= 1 or self.ratio == 1:
            raise BadRequest("Choose a ratio that changes the prevalence and keeps it between 0 and 1.")
        if self.comparisons < 1 or self.submissions_per_worker < 1:
            raise BadRequest("Enter at least one comparison and one submission per worker.")
        if self.comparisons > _MOST_COMPARISONS or self.submissions_per_worker > _MOST_SUBMISSIONS:
            raise BadRequest(
                f"Enter at most {_MOST_COMPARISONS:,} comparisons and {_MOST_SUBMISSIONS:,} submissions per worker."
            )
        if self.sensitivity + self.specificity <= 1:
            raise BadRequest("A test no better than chance shows no difference, however many workers there are.")
        first, second = self.shares
        if abs(first - second) < _LEAST_DIFFERENCE:
            raise BadRequest("The test would hardly find a difference: choose a larger change, or a better test.")

    def seen(self, prevalence: float) -> float:
        """Return the share that the test is expected to find."""
        return self.sensitivity * prevalence + (1 - self.specificity) * (1 - prevalence)

    @property
    def shares(self) -> tuple[float, float]:
        """Return the shares expected to be found without and with the measure."""
        return self.seen(self.baseline), self.seen(self.baseline * self.ratio)

    @property
    def design_effect(self) -> float:
        """Return Kish's design effect: the factor for more submissions because workers repeat themselves."""
        return 1 + (self.submissions_per_worker - 1) * self.within_worker

    @property
    def critical(self) -> float:
        """Return the standard score that a difference must exceed."""
        return NormalDist().inv_cdf(1 - self.false_positive / self.comparisons / 2)


@dataclass(frozen=True, slots=True)
class PowerAnswer:
    """The required number of workers for a plan."""

    workers_per_condition: int
    workers_in_all: int
    """Workers of all compared conditions and of the one reference condition."""
    shares: tuple[float, float]
    assumptions: tuple[str, ...]


def workers_needed(plan: PowerPlan) -> PowerAnswer:
    """Return workers per condition for a two-sided comparison of two shares (Fleiss 1981, no continuity correction)."""
    first, second = plan.shares
    mean = (first + second) / 2
    reach = plan.critical * sqrt(2 * mean * (1 - mean)) + NormalDist().inv_cdf(plan.power) * sqrt(
        first * (1 - first) + second * (1 - second)
    )
    submissions = ceil(reach**2 / (first - second) ** 2 * plan.design_effect)
    workers = ceil(submissions / plan.submissions_per_worker)
    return PowerAnswer(
        workers,
        workers * (plan.comparisons + 1),
        plan.shares,
        (
            "Workers are assigned at random to conditions of equal size.",
            "Nobody drops out; add the number that you expect to lose.",
            "The test has the same error rates in every condition.",
        ),
    )
