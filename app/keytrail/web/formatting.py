"""Figures of the core's formatting for pages: a number and its unit stay on one line."""

from keytrail.provenance import formatting

_NBSP = "\u00a0"


def percent(share: float) -> str:
    """A share from 0 to 1, as in a finding's sentence, on one line."""
    return formatting.percent(share).replace(" ", _NBSP)


def percent_range(low: float, high: float) -> str:
    """Two shares from 0 to 1, the ends of an interval."""
    return f"{percent(low)} to {percent(high)}"


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun, its first space unbreakable: `1 item`, `1,200 items`."""
    return formatting.count(number, one, many or None).replace(" ", _NBSP, 1)
