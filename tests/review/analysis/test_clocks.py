"""Claimed against elapsed time, and clocks that were set."""

import pytest

from keytrail.db import Database
from keytrail.keyring import Keyring
from keytrail.provenance import Report, Verdict
from tests.conftest import FakeClock
from tests.review.analysis.writing import Sent, Writers, lasting_s, typed

TEXT = "people walk in the shade when the sun is high and the streets are hot " * 2
EVENTS = typed(TEXT)
HALF = len(EVENTS) // 2


@pytest.fixture
def writers(database: Database, keyring: Keyring, clock: FakeClock) -> Writers:
    return Writers(database, keyring, clock)


def rules(report: Report) -> set[str]:
    return {found.rule for found in report.findings}


def test_a_log_of_half_a_minute_that_is_posted_within_a_second_is_strong(writers: Writers) -> None:
    slow = [[event[0] * 4, *event[1:]] for event in EVENTS]
    report = writers.hand_in("forger", TEXT, [Sent(slow, 1)])
    assert "log_ahead_of_time" in rules(report)
    assert report.verdict is Verdict.STRONG


@pytest.mark.parametrize("late_s", [0.1, 5, 4_000])
def test_a_page_that_sends_at_once_or_much_later_is_not_ahead(writers: Writers, late_s: float) -> None:
    report = writers.hand_in("offline", TEXT, [Sent(EVENTS, lasting_s(EVENTS) + late_s)])
    assert "log_ahead_of_time" not in rules(report)
    assert report.verdict is Verdict.CLEAR


def test_every_batch_is_looked_at(writers: Writers) -> None:
    """Waiting with the last batch does not help."""
    slow = [[event[0] * 4, *event[1:]] for event in EVENTS]
    batches = [Sent(slow[:-3], 1), Sent(slow[-3:], lasting_s(slow))]
    assert "log_ahead_of_time" in rules(writers.hand_in("patient", TEXT, batches))


def test_a_log_that_was_imported_tells_nothing_of_arrival(writers: Writers) -> None:
    assert "log_ahead_of_time" not in rules(writers.hand_in("imported", TEXT, [Sent(EVENTS, 0)]))


def clocks(writers: Writers, *, perf_ms: int, wall_ms: int) -> Report:
    first, second = EVENTS[:HALF], EVENTS[HALF:]
    now = lasting_s(first)
    batches = [Sent(first, now, round(now * 1000), 1_000_000), Sent(second, lasting_s(second) + 60, perf_ms, wall_ms)]
    return writers.hand_in("clocked", TEXT, batches)


def test_a_wall_clock_set_back_while_the_others_agree_is_a_remark(writers: Writers) -> None:
    report = clocks(writers, perf_ms=round(lasting_s(EVENTS) * 1000), wall_ms=1_000_000 - 3_600_000)
    assert "clock_set" in rules(report)
    assert report.verdict is Verdict.CLEAR


def test_a_wall_clock_and_intervals_that_both_contradict_the_page_are_an_anomaly(writers: Writers) -> None:
    report = clocks(writers, perf_ms=round(lasting_s(EVENTS[:HALF]) * 1000) + 1, wall_ms=1_000_000 - 3_600_000)
    assert "clock_anomaly" in rules(report)
    assert report.verdict is Verdict.UNVERIFIABLE
