"""The results of checks."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Probe:
    """The result of one check. `advice` says what to do if it failed; `fatal` means that nothing works until then."""

    name: str
    well: bool
    description: str
    advice: str = ""
    fatal: bool = True


def in_words(span: timedelta) -> str:
    """Return a duration as people read it."""
    seconds = int(span.total_seconds())
    if seconds < 120:  # noqa: PLR2004  # two minutes
        return f"{seconds} s"
    return f"{seconds // 60} min" if seconds < 7200 else f"{seconds // 3600} h"  # noqa: PLR2004  # two hours
