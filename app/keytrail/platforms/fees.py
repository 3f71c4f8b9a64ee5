"""Platform fees on top of workers' pay, in whole cents."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

# Mechanical Turk: 20 % of rewards and bonuses, 20 % more of rewards of HITs with ten or more assignments, at least one
# cent each (https://requester.mturk.com/pricing).
_SHARE = Decimal("0.20")
_LARGE_SHARE = Decimal("0.20")
_LEAST_CENTS = 1
LARGE_FROM = 10


@dataclass(frozen=True)
class Cost:
    """Cents for workers and cents for the platform."""

    workers: int
    fees: int

    @property
    def total(self) -> int:
        """Both together."""
        return self.workers + self.fees


def mturk_reward_fee(reward_cents: int, assignments: int) -> int:
    """Return the fee for one assignment of a HIT with so many of them."""
    return _fee(reward_cents, _SHARE + (_LARGE_SHARE if assignments >= LARGE_FROM else 0))


def mturk_bonus_fee(bonus_cents: int) -> int:
    """Return the fee for one bonus."""
    return _fee(bonus_cents, _SHARE)


def mturk_cost(reward_cents: int, hits: int, assignments: int) -> Cost:
    """Return the cost of all places of some HITs of one size."""
    places = hits * assignments
    return Cost(places * reward_cents, places * mturk_reward_fee(reward_cents, assignments))


def _fee(cents: int, share: Decimal) -> int:
    exact = int((cents * share).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    return max(exact, _LEAST_CENTS)
