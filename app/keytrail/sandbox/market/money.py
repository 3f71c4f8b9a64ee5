"""Money: amounts and fees. Cents are whole; strings of dollars exist only in the API and on pages."""

from decimal import ROUND_HALF_UP, Decimal

from keytrail.sandbox.config import FeeRates


def to_cents(amount: str | Decimal) -> int:
    """Parse dollars into cents: "0.5" is 50. The amount has at most two decimals."""
    return int(Decimal(amount) * 100)


def to_dollars(cents: int) -> str:
    """Format cents as the API and the pages write them: 50 is "0.50"."""
    return f"{Decimal(cents) / 100:.2f}"


def reward_fee(reward_cents: int, *, large: bool, rates: FeeRates) -> int:
    """Return the fee for one assignment, in cents, rounded half up to a cent and at least the minimum."""
    share = rates.share + (rates.large_share if large else 0)
    return _fee(reward_cents, share, rates)


def bonus_fee(bonus_cents: int, rates: FeeRates) -> int:
    """Return the fee for one bonus, in cents; independent of the HIT's size."""
    return _fee(bonus_cents, rates.share, rates)


def _fee(cents: int, share: Decimal, rates: FeeRates) -> int:
    exact = int((cents * share).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    return max(exact, rates.minimum_cents)
