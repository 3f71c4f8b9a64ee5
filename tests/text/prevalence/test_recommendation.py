from dataclasses import replace

import pytest

from keytrail.text.prevalence.corrected import Counted, ErrorCounts
from keytrail.text.prevalence.observations import Observation
from keytrail.text.prevalence.recommendation import Estimator, estimates_by_estimator, recommended
from keytrail.text.prevalence.report import prevalence_report

ERRORS = ErrorCounts(Counted(90, 100), Counted(95, 100), "made-up texts")


def _observations(population: str, positive: int, units: int, per_worker: int = 1) -> list[Observation]:
    return [
        Observation(population, f"w{n // per_worker}", llm_like=n < positive, external=n < positive, pasted=False)
        for n in range(units)
    ]


def test_the_corrected_count_is_recommended_where_the_errors_are_known() -> None:
    found = recommended(prevalence_report(_observations("p", 30, 100), ERRORS))
    assert found is not None
    assert found.estimator is Estimator.CORRECTED
    assert found.estimate.value == pytest.approx((0.3 - 0.05) / 0.85)


def test_two_tests_are_recommended_only_where_populations_identify_them() -> None:
    one = _observations("p", 30, 100)
    assert recommended(prevalence_report(one)) is None
    assert Estimator.TWO_TESTS in estimates_by_estimator(prevalence_report(one))
    found = recommended(prevalence_report([*one, *_observations("q", 80, 100)]))
    assert found is not None
    assert (found.estimator, found.estimate.name) == (Estimator.TWO_TESTS, "all together")


def test_a_count_of_what_came_from_elsewhere_is_never_the_answer() -> None:
    unread = [replace(one, llm_like=None) for one in _observations("p", 30, 100)]
    assert recommended(prevalence_report(unread, ERRORS)) is None


def test_the_widest_interval_of_an_estimator_is_shown() -> None:
    report = prevalence_report(_observations("p", 30, 100, per_worker=10), ERRORS)
    shown = estimates_by_estimator(report)[Estimator.READS_SYNTHETIC].interval
    widths = [one.interval.high - one.interval.low for one in report.raw if one.name == "reads synthetic"]
    assert shown.high - shown.low == max(widths) > 1.5 * min(widths)
