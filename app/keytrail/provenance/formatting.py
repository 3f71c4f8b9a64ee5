"""Format numbers for people; keytrail/web/formatting.py adds unbreakable spaces for pages."""


def clock(at_ms: int) -> str:
    """Format the time since the session began as minutes and seconds, from one hour on with hours: 02:14, 1:02:14."""
    seconds = max(0, at_ms) // 1000
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes:02}:{seconds:02}"


def lasting(ms: int) -> str:
    """Format a duration in seconds, or in minutes from two minutes on."""
    seconds = round(ms / 1000)
    return f"{seconds} s" if seconds < 120 else f"{round(seconds / 60)} min"  # noqa: PLR2004 - two minutes


def count(number: int, one: str, many: str | None = None) -> str:
    """Format a number with its noun: "1 word", "1,204 words"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def percent(share: float, digits: int | None = None) -> str:
    """Format a share from 0 to 1 as a percentage, with a fixed number of decimals if one is given.

    Without one: whole per cent, but never "0 %" for more than nothing or "100 %" for less than all.
    """
    if digits is not None:
        return f"{share:.{digits}%}".replace("%", " %")
    if 0 < share < 0.005:  # noqa: PLR2004  # would round to 0
        return "< 1 %"
    if 0.995 <= share < 1:  # noqa: PLR2004  # would round to 100
        return "> 99 %"
    return f"{100 * share:.0f} %"
