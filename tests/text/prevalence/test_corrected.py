import numpy as np
import pytest

from keytrail.errors import BadRequest
from keytrail.text.prevalence.corrected import Counted, ErrorCounts, corrected_share, rogan_gladen


def _errors(sensitivity: tuple[int, int], specificity: tuple[int, int]) -> ErrorCounts:
    return ErrorCounts(Counted(*sensitivity), Counted(*specificity), "made-up texts")


def test_the_worked_example_of_the_cattle_herd() -> None:
    """23 of 150 positive, sensitivity 0.96, specificity 0.89 (documentation of epiR's epi.prev)."""
    assert rogan_gladen(23 / 150, 0.96, 0.89) == pytest.approx(0.051, abs=0.0005)


def test_the_corrected_share_stays_within_bounds() -> None:
    assert rogan_gladen(0.05, 0.9, 0.9) == 0
    assert rogan_gladen(0.95, 0.9, 0.9) == 1


def test_a_test_no_better_than_chance_is_refused() -> None:
    with pytest.raises(BadRequest, match="no better than chance"):
        rogan_gladen(0.5, 0.5, 0.5)
    with pytest.raises(BadRequest, match="no submission"):
        corrected_share([], _errors((9, 10), (9, 10)))


def test_uncertain_error_rates_widen_the_interval() -> None:
    results = [True] * 40 + [False] * 80
    sure = corrected_share(results, _errors((9000, 10000), (9500, 10000)))
    unsure = corrected_share(results, _errors((18, 20), (19, 20)))
    assert sure.value == pytest.approx(unsure.value)
    assert unsure.interval.high - unsure.interval.low > 1.2 * (sure.interval.high - sure.interval.low)
    assert any("made-up texts" in assumption for assumption in sure.assumptions)


def test_people_widen_the_interval() -> None:
    results = [True] * 40 + [False] * 80
    errors = _errors((90, 100), (95, 100))
    alone = corrected_share(results, errors)
    grouped = corrected_share(results, errors, people=[str(number // 8) for number in range(120)])
    assert grouped.interval.high - grouped.interval.low > 1.5 * (alone.interval.high - alone.interval.low)


def test_intervals_cover_the_truth() -> None:
    random = np.random.default_rng(11)
    hits, trials = 0, 300
    for trial in range(trials):
        truth = random.uniform(0.2, 0.6)
        positive = random.binomial(150, truth * 0.88 + (1 - truth) * 0.07)
        errors = _errors((random.binomial(60, 0.88), 60), (random.binomial(90, 0.93), 90))
        interval = corrected_share([n < positive for n in range(150)], errors, seed=trial).interval
        hits += interval.low <= truth <= interval.high
    assert 0.92 <= hits / trials <= 0.98
