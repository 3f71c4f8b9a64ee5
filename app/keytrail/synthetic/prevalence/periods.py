"""Time cut into a few stretches of equal kind."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

MOST_PERIODS = 12
"""So that each has submissions enough to say something, and a page can show them all."""


def period_namer(moments: Sequence[datetime]) -> Callable[[datetime], str]:
    """How a moment's period is named: by days, weeks, months or years, the shortest that makes at most twelve."""
    for name_of in (_day, _week, _month):
        if len({name_of(moment) for moment in moments}) <= MOST_PERIODS:
            return name_of
    return _year


def _day(moment: datetime) -> str:
    return moment.astimezone(UTC).date().isoformat()


def _week(moment: datetime) -> str:
    day = moment.astimezone(UTC).date()
    return f"week of {(day - timedelta(days=day.weekday())).isoformat()}"


def _month(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m}"


def _year(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y}"
