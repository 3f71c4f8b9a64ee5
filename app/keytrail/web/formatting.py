"""Number formatting for pages: as in the core, but a number and its unit stay on one line."""

from math import floor, log10

from keytrail.provenance import formatting

_NBSP = "\u00a0"
_MINUS = "\u2212"
_COARSEST = 5
"""An interval this wide is told in whole numbers; a tenth of it takes a digit more."""
_MOST_DIGITS = 6


def percent(share: float, digits: int | None = None) -> str:
    """Format a share from 0 to 1 as a percentage, as in a finding's explanation."""
    return formatting.percent(share, digits).replace(" ", _NBSP)


def percent_range(low: float, high: float) -> str:
    """Format two shares from 0 to 1 as the ends of an interval, with digits to match its width: `21 to 36 %`."""
    digits = digits_for(100 * low, 100 * high)
    return f"{decimal(100 * low, digits)} to {decimal(100 * high, digits)} %".replace(" ", _NBSP)


def percent_within(share: float, low: float, high: float) -> str:
    """Format a share from 0 to 1 with the digits of its interval."""
    return f"{decimal(100 * share, digits_for(100 * low, 100 * high))}{_NBSP}%"


def digits_for(low: float, high: float) -> int:
    """Return the number of decimals for an interval: enough that its ends differ, no more than its width supports."""
    width = abs(high - low)
    return min(_MOST_DIGITS, max(0, -floor(log10(width / _COARSEST)))) if width else 0


def decimal(value: float, digits: int, *, signed: bool = False) -> str:
    """Format a number with a proper minus sign; a value that rounds to zero has no sign."""
    text = f"{abs(value):,.{digits}f}"
    if not text.strip("0.,"):
        return text
    return f"{_MINUS if value < 0 else '+' if signed else ''}{text}"


def number(value: int) -> str:
    """Format a whole number with its thousands apart: `1,200`."""
    return f"{value:,}"


def counted(number: int, one: str, many: str = "") -> str:
    """Format a number with its noun and an unbreakable space: `1 item`, `1,200 items`."""
    return formatting.count(number, one, many or None).replace(" ", _NBSP, 1)
