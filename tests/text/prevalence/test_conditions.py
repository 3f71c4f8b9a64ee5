import numpy as np
import pytest

from app.errors import BadRequest, NotFound
from app.text.prevalence.conditions import condition_differences
from app.text.prevalence.corrected import Counted, ErrorCounts
from app.text.prevalence.observations import Observation
from app.text.prevalence.power import Plan, power_of, workers_needed
from app.text.prevalence.report import prevalence_report, worker_report


def _group(name: str, positive: int, units: int, per_worker: int = 1) -> list[Observation]:
    return [
        Observation("p", f"{name}{n // per_worker}", llm_like=n < positive, external=n < positive, condition=name)
        for n in range(units)
    ]


def _test(observation: Observation) -> bool | None:
    return observation.llm_like


def test_a_halving_is_seen_with_its_interval() -> None:
    groups = {"none": _group("none", 60, 200), "plea": _group("plea", 30, 200)}
    (found,) = condition_differences(groups, "none", _test)
    assert (found.condition, found.reference) == ("plea", "none")
    assert found.difference == pytest.approx(-0.15)
    assert found.ratio == pytest.approx(0.5)
    assert found.ratio_interval is not None
    assert found.interval.low < -0.15 < found.interval.high < 0
    assert found.interval.high - found.interval.low == pytest.approx(0.16, abs=0.015)


def test_errors_of_the_test_shrink_what_is_seen_and_are_undone() -> None:
    errors = ErrorCounts(Counted(80, 100), Counted(90, 100), "made-up texts")
    groups = {"none": _group("none", 60, 200), "plea": _group("plea", 30, 200)}
    (found,) = condition_differences(groups, "none", _test, errors=errors)
    assert found.difference == pytest.approx(-0.15 / 0.7)


def test_repeating_workers_widen_the_difference() -> None:
    alone = {"none": _group("none", 60, 200), "plea": _group("plea", 30, 200)}
    grouped = {"none": _group("none", 60, 200, 10), "plea": _group("plea", 30, 200, 10)}
    widths = [
        found.interval.high - found.interval.low
        for groups in (alone, grouped)
        for found in condition_differences(groups, "none", _test)
    ]
    assert widths[1] > 2 * widths[0]


def test_a_reference_without_any_gives_no_ratio() -> None:
    groups = {"none": _group("none", 0, 50), "plea": _group("plea", 5, 50)}
    (found,) = condition_differences(groups, "none", _test)
    assert found.ratio is None
    assert found.ratio_interval is None


def test_comparisons_need_a_reference_and_results() -> None:
    with pytest.raises(NotFound):
        condition_differences({"a": []}, "none", _test)
    with pytest.raises(BadRequest, match="could be judged in b"):
        condition_differences({"a": _group("a", 1, 4), "b": []}, "a", _test)


def test_workers_for_a_halving_by_the_textbook() -> None:
    """30 against 15 %, power 0.8, two-sided 5 %: 121 each (Fleiss' formula without continuity correction)."""
    assert workers_needed(Plan(0.30)).workers_per_condition == 121


def test_power_is_what_a_simulation_shows() -> None:
    plan = Plan(0.30, sensitivity=0.85, specificity=0.93)
    workers = workers_needed(plan).workers_per_condition
    assert power_of(plan, workers) == pytest.approx(0.8, abs=0.01)
    random = np.random.default_rng(2)
    first, second = (random.binomial(workers, share, 20_000) / workers for share in plan.shares)
    mean = (first + second) / 2
    seen = np.abs(first - second) / np.sqrt(2 * mean * (1 - mean) / workers) > 1.96
    assert seen.mean() == pytest.approx(0.8, abs=0.02)


def test_imperfect_tests_repetition_and_comparisons_cost_workers() -> None:
    plain = workers_needed(Plan(0.30)).workers_per_condition
    assert workers_needed(Plan(0.30, sensitivity=0.8, specificity=0.9)).workers_per_condition > plain
    assert workers_needed(Plan(0.30, comparisons=8)).workers_per_condition > plain
    assert (
        workers_needed(Plan(0.30, comparisons=8)).workers_in_all
        == 9 * workers_needed(Plan(0.30, comparisons=8)).workers_per_condition
    )
    repeated = Plan(0.30, submissions_per_worker=4, within_worker=1.0)
    assert workers_needed(repeated).workers_per_condition == plain
    assert workers_needed(Plan(0.30, submissions_per_worker=4)).workers_per_condition < plain / 3


@pytest.mark.parametrize(
    "wrong",
    [
        {"baseline": 0.0},
        {"baseline": 0.3, "ratio": 1.0},
        {"baseline": 0.3, "ratio": 4.0},
        {"baseline": 0.3, "power": 1.0},
        {"baseline": 0.3, "sensitivity": 0.5, "specificity": 0.5},
        {"baseline": 0.3, "comparisons": 0},
    ],
)
def test_plans_that_cannot_be_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(BadRequest):
        Plan(**wrong)  # type: ignore[arg-type]


def test_a_report_has_all_four_estimates() -> None:
    errors = ErrorCounts(Counted(80, 100), Counted(90, 100), "made-up texts")
    seen = [
        Observation(o.population, o.worker, o.external, o.llm_like, o.external, 1.0 if o.llm_like else -1.0)
        for o in [*_group("x", 30, 90), *_group("y", 10, 60)]
    ]
    report = prevalence_report(seen, errors)
    assert [estimate.name for estimate in report.raw] == [
        *("pasted", "pasted", "external text", "external text", "reads synthetic", "reads synthetic"),
    ]
    assert len(report.corrected) == 2
    assert report.two_tests is not None
    assert len(report.two_tests_clustered) == 1
    assert len(report.thresholds) == 2
    assert report.as_json()["submissions"] == 150


def test_a_report_by_worker_counts_workers() -> None:
    report = worker_report(_group("x", 30, 90, per_worker=3))
    assert report.unit == "workers"
    assert report.raw[0].units == 30
    assert report.corrected == ()


def test_nothing_known_gives_an_empty_report() -> None:
    report = prevalence_report([Observation("p", "w")])
    assert report.raw == ()
    assert report.two_tests is None
