"""Amounts of money: as people read them, as people write them, and as platforms' APIs take them."""

from decimal import Decimal

from keytrail.errors import BadRequest


def money(cents: int, currency: str) -> str:
    """Format an amount with its currency: `1,204.50 USD`."""
    return f"{cents / 100:,.2f} {currency}"


def decimal_text(cents: int) -> str:
    """An amount in whole units, as forms and APIs take it: `1204.50`."""
    return f"{in_units(cents):.2f}"


def parse_amount(text: str) -> int:
    """An amount such as 1.50 in cents. Raises BadRequest."""
    whole, _, part = text.strip().replace(",", ".").partition(".")
    if not (whole.isascii() and whole.isdigit() and len(whole) <= 6 and len(part) <= 2):  # noqa: PLR2004
        raise BadRequest(f"{text[:40]!r} is not an amount. Write it as 1.50.", code="bad_amount")
    if part and not (part.isascii() and part.isdigit()):
        raise BadRequest(f"{text[:40]!r} is not an amount. Write it as 1.50.", code="bad_amount")
    return int(whole) * 100 + int(part.ljust(2, "0") or 0)


def in_cents(amount: Decimal) -> int:
    """An exact amount of whole units in cents."""
    return int(amount * 100)


def in_units(cents: int) -> Decimal:
    """Cents as an exact amount of whole units."""
    return Decimal(cents) / 100


def percentage_of(cents: int, percentage: int) -> int:
    """A share of an amount, in whole cents, rounded half up."""
    return (cents * percentage + 50) // 100


def dollars(cents: int) -> float:
    """An amount in whole units, as APIs take it that want a number."""
    return float(decimal_text(cents))


def cents_of(value: object) -> int | None:
    """A number of whole units in cents, rounded; None for anything else."""
    try:
        return round(float(str(value)) * 100)
    except (ValueError, OverflowError):
        return None
