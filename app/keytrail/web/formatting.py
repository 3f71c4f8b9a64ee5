"""Number formatting for pages: as in the core, but a number and its unit stay on one line."""

from keytrail.provenance import formatting

_NBSP = "\u00a0"


def percent(share: float) -> str:
    """Format a share from 0 to 1 as a percentage, as in a finding's explanation."""
    return formatting.percent(share).replace(" ", _NBSP)


def percent_range(low: float, high: float) -> str:
    """Format two shares from 0 to 1 as the ends of an interval."""
    return f"{percent(low)} to {percent(high)}"


def counted(number: int, one: str, many: str = "") -> str:
    """Format a number with its noun and an unbreakable space: `1 item`, `1,200 items`."""
    return formatting.count(number, one, many or None).replace(" ", _NBSP, 1)
