import numpy as np
import pytest

from keytrail.errors import BadRequest, NotFound
from keytrail.text.prevalence.conditions import Sample, compare_means, compare_shares
from keytrail.text.prevalence.corrected import Counted, ErrorCounts
from keytrail.text.prevalence.observations import Observation
from keytrail.text.prevalence.power import PowerPlan, workers_needed
from keytrail.text.prevalence.report import prevalence_report, worker_report


def _group(name: str, positive: int, units: int, per_worker: int = 1) -> list[Observation]:
    return [
        Observation("p", f"{name}{n // per_worker}", llm_like=n < positive, external=n < positive, condition=name)
        for n in range(units)
    ]


def _samples(positive: int, units: int, per_worker: int = 1) -> Sample:
    return Sample([float(n < positive) for n in range(units)], [f"w{n // per_worker}" for n in range(units)])


def test_a_halving_is_seen_with_its_interval() -> None:
    found = compare_shares("use", {"plea": _samples(30, 200), "none": _samples(60, 200)}, "none")
    none, plea = found.rows
    assert (none.condition, none.value, none.difference, none.ratio) == ("none", 0.3, None, None)
    assert (plea.condition, found.reference, plea.units, plea.workers) == ("plea", "none", 200, 200)
    assert plea.difference == pytest.approx(-0.15)
    assert plea.ratio == pytest.approx(0.5)
    assert plea.ratio_interval is not None
    assert plea.ratio_interval.low < 0.5 < plea.ratio_interval.high < 1
    assert plea.difference_interval is not None
    assert plea.difference_interval.low < -0.15 < plea.difference_interval.high < 0
    assert plea.difference_interval.high - plea.difference_interval.low == pytest.approx(0.16, abs=0.015)


def test_intervals_of_differences_hold_what_they_promise() -> None:
    """Two hundred studies of 60 and 60 workers, shares 0.3 and 0.15: three standard errors of 0.95 are 0.046."""
    random = np.random.default_rng(4)
    held = 0
    for number in range(200):
        drawn = {"none": random.random(60) < 0.3, "plea": random.random(60) < 0.15}
        groups = {name: Sample(list(map(float, one)), [str(n) for n in range(60)]) for name, one in drawn.items()}
        interval = compare_shares("use", groups, "none", seed=number).rows[1].difference_interval
        assert interval is not None
        held += interval.low <= -0.15 <= interval.high
    assert 0.90 <= held / 200 <= 1.0


def test_errors_of_the_test_shrink_what_is_seen_and_are_undone() -> None:
    errors = ErrorCounts(Counted(800, 1000), Counted(900, 1000), "made-up texts")
    groups = {"none": _samples(60, 200), "plea": _samples(30, 200)}
    none, plea = compare_shares("use", groups, "none", errors=errors).rows
    assert none.value == pytest.approx(0.2 / 0.7)
    assert plea.difference == pytest.approx(-0.15 / 0.7)
    sample = compare_shares("use", groups, "none").rows[1]
    assert plea.difference_interval is not None
    assert sample.difference_interval is not None
    assert plea.difference_interval.low < sample.difference_interval.low


def test_a_test_no_better_than_chance_is_refused() -> None:
    errors = ErrorCounts(Counted(40, 100), Counted(50, 100), "made-up texts")
    with pytest.raises(BadRequest, match="no better than chance"):
        compare_shares("use", {"none": _samples(6, 20)}, "none", errors=errors)


def test_repeating_workers_widen_the_difference() -> None:
    widths = []
    for each in (1, 10):
        groups = {"none": _samples(60, 200, each), "plea": _samples(30, 200, each)}
        interval = compare_shares("use", groups, "none").rows[1].difference_interval
        assert interval is not None
        widths.append(interval.high - interval.low)
    assert widths[1] > 2 * widths[0]


def test_none_seen_is_no_certainty() -> None:
    none, plea = compare_shares("use", {"none": _samples(0, 50), "plea": _samples(5, 50)}, "none").rows
    assert none.value == 0
    assert none.interval is not None
    assert 0.02 < none.interval.high < 0.1
    assert plea.ratio is None
    assert plea.ratio_interval is None


def test_means_are_compared_too() -> None:
    groups = {
        "none": Sample([100.0, 120.0, 90.0] * 10, [str(n) for n in range(30)]),
        "plea": Sample([80.0, 90.0, 70.0] * 10, [str(n) for n in range(30)]),
    }
    _, plea = compare_means("words", groups, "none").rows
    assert plea.difference == pytest.approx(-70 / 3)
    assert plea.difference_interval is not None
    assert plea.difference_interval.high < -15


def test_one_worker_alone_gives_no_interval() -> None:
    none, plea = compare_means(
        "words", {"none": Sample([90.0], ["a"]), "plea": Sample([80.0, 70.0], ["b", "c"])}, "none"
    ).rows
    assert (none.interval, plea.difference, plea.difference_interval) == (None, -15.0, None)


def test_comparisons_need_a_reference_and_leave_out_what_is_unknown() -> None:
    with pytest.raises(NotFound):
        compare_shares("use", {"none": Sample([], []), "a": _samples(1, 4)}, "none")
    assert len(compare_shares("use", {"a": _samples(1, 4), "b": Sample([], [])}, "a").rows) == 1


def test_workers_for_a_halving_by_the_textbook() -> None:
    """30 against 15 %, power 0.8, two-sided 5 %: 121 each (Fleiss' formula without continuity correction)."""
    assert workers_needed(PowerPlan(0.30)).workers_per_condition == 121


def test_power_is_what_a_simulation_shows() -> None:
    plan = PowerPlan(0.30, sensitivity=0.85, specificity=0.93)
    workers = workers_needed(plan).workers_per_condition
    random = np.random.default_rng(2)
    first, second = (random.binomial(workers, share, 20_000) / workers for share in plan.shares)
    mean = (first + second) / 2
    sample = np.abs(first - second) / np.sqrt(2 * mean * (1 - mean) / workers) > 1.96
    assert sample.mean() == pytest.approx(0.8, abs=0.02)


def test_imperfect_tests_repetition_and_comparisons_cost_workers() -> None:
    plain = workers_needed(PowerPlan(0.30)).workers_per_condition
    assert workers_needed(PowerPlan(0.30, sensitivity=0.8, specificity=0.9)).workers_per_condition > plain
    assert workers_needed(PowerPlan(0.30, comparisons=8)).workers_per_condition > plain
    assert (
        workers_needed(PowerPlan(0.30, comparisons=8)).workers_in_all
        == 9 * workers_needed(PowerPlan(0.30, comparisons=8)).workers_per_condition
    )
    repeated = PowerPlan(0.30, submissions_per_worker=4, within_worker=1.0)
    assert workers_needed(repeated).workers_per_condition == plain
    assert workers_needed(PowerPlan(0.30, submissions_per_worker=4)).workers_per_condition < plain / 3


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
        PowerPlan(**wrong)  # type: ignore[arg-type]


def test_a_report_has_all_four_estimates() -> None:
    errors = ErrorCounts(Counted(80, 100), Counted(90, 100), "made-up texts")
    sample = [
        Observation(o.population, o.worker, o.external, o.llm_like, o.external, 1.0 if o.llm_like else -1.0)
        for o in [*_group("x", 30, 90), *_group("y", 10, 60)]
    ]
    report = prevalence_report(sample, errors)
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
