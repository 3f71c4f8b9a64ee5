from statistics import NormalDist

import pytest

from keytrail.text.cross_submission.cohort import FEWEST, SHARES, TIMES, low_end

ALIKE = {number: 400_000.0 * 1.02 ** (number % 7) for number in range(40)}


def _log_normal(count: int) -> dict[int, float]:
    """Times whose logarithms have a median of 6 and a deviation of 0.5, evenly over the distribution."""
    spread = NormalDist(6, 0.5)
    return {number: TIMES.back(spread.inv_cdf((number + 0.5) / count)) for number in range(count)}


def test_the_bound_is_the_second_percentile() -> None:
    end = low_end(_log_normal(1000), TIMES)
    assert end is not None
    assert end.middle == pytest.approx(TIMES.back(6), rel=0.01)
    assert end.below == pytest.approx(TIMES.back(NormalDist(6, 0.5).inv_cdf(0.02)), rel=0.01)
    assert len(end.low) == pytest.approx(20, abs=1)


def test_a_cohort_of_equals_has_no_low_end() -> None:
    end = low_end(ALIKE, TIMES)
    assert end is not None
    assert end.low == frozenset()


def test_odd_members_hardly_move_the_bound() -> None:
    without, beside = low_end(ALIKE, TIMES), low_end(ALIKE | {99: 5_000.0, 98: 9_000.0}, TIMES)
    assert without is not None
    assert beside is not None
    assert beside.low == {98, 99}
    assert beside.below == pytest.approx(without.below, rel=0.05)


def test_few_submissions_have_no_percentile() -> None:
    few = dict(list(ALIKE.items())[: FEWEST - 2])
    assert low_end(few | {99: 1.0}, TIMES) is None
    assert low_end(few | {98: 1.0, 99: 1.0}, TIMES) is not None


def test_shares_of_none_and_all_have_a_place_on_the_scale() -> None:
    shares = {number: 0.5 + number / 400 for number in range(40)} | {98: 1.0, 99: 0.0}
    end = low_end(shares, SHARES)
    assert end is not None
    assert end.low == {99}
    assert 0 < end.below < 0.5
