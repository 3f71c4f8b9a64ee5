"""Numbers as people read them."""

_NBSP = "\u00a0"


def percent(share: float) -> str:
    """A share from 0 to 1 in whole per cent; what is not nothing is not shown as nothing, nor nearly all as all."""
    if 0 < share < 0.005:  # noqa: PLR2004  # would round to 0
        return f"<{_NBSP}1{_NBSP}%"
    if 0.995 <= share < 1:  # noqa: PLR2004  # would round to 100
        return f">{_NBSP}99{_NBSP}%"
    return f"{share * 100:.0f}{_NBSP}%"


def percent_range(low: float, high: float) -> str:
    """Two shares from 0 to 1, the ends of an interval."""
    return f"{percent(low)} to {percent(high)}"


def clock(ms: int) -> str:
    """A moment of a session: minutes and seconds since its start, with hours where there are any."""
    seconds = max(0, ms) // 1000
    hours, minutes, seconds = seconds // 3600, seconds // 60 % 60, seconds % 60
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes:02}:{seconds:02}"


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun: `1 item`, `1,200 items`."""
    return f"{number:,}{_NBSP}{one if number == 1 else many or one + 's'}"
