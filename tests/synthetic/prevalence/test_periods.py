from datetime import UTC, datetime, timedelta

import pytest

from keytrail.synthetic.prevalence.study import MOST_PERIODS, period_namer

START = datetime(2026, 3, 4, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("days", "name", "periods"),
    [
        (1, "2026-03-04", 1),
        (12, "2026-03-04", 12),
        (13, "week of 2026-03-02", 3),
        (200, "2026-03", 7),
        (900, "2026", 3),
    ],
)
def test_time_is_cut_into_few_stretches(days: int, name: str, periods: int) -> None:
    moments = [START + timedelta(days=day) for day in range(days)]
    name_of = period_namer(moments)
    assert name_of(START) == name
    assert len({name_of(moment) for moment in moments}) == periods <= MOST_PERIODS


def test_days_are_those_of_utc() -> None:
    late = START.astimezone(tz=None) + timedelta(minutes=31)
    assert period_namer([START, late])(late) == "2026-03-05"
