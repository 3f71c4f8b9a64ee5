"""Platform fees on top of workers' pay, in whole cents."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

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
        """Cents for workers and platform together."""
        return self.workers + self.fees


def mturk_reward_fee(reward_cents: int, assignments: int) -> int:
    """Return the fee for one assignment of a HIT with so many of them."""
    return _fee(reward_cents, mturk_reward_share(assignments))


def mturk_reward_share(assignments: int) -> Decimal:
    """Return the fee on rewards of a HIT with so many assignments, as a share from 0 to 1."""
    return _SHARE + (_LARGE_SHARE if assignments >= LARGE_FROM else 0)


@dataclass(frozen=True)
class RewardFees:
    """Shares of rewards, from 0 to 1: of HITs with fewer than `large_from` assignments, and of larger ones."""

    large_from: int
    usual: Decimal
    large: Decimal


MTURK_REWARD_FEES: Final = RewardFees(LARGE_FROM, mturk_reward_share(1), mturk_reward_share(LARGE_FROM))


def mturk_bonus_fee(bonus_cents: int) -> int:
    """Return MTurk's fee for one bonus; both in US cents."""
    return _fee(bonus_cents, _SHARE)


def mturk_cost(reward_cents: int, hits: int, assignments: int) -> Cost:
    """Return the cost of all places of some HITs of one size."""
    places = hits * assignments
    return Cost(places * reward_cents, places * mturk_reward_fee(reward_cents, assignments))


def _fee(cents: int, share: Decimal) -> int:
    exact = int((cents * share).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    return max(exact, _LEAST_CENTS)
