import pytest

from keytrail.text.prevalence.clusters import FEW_CLUSTERS_NOTE, clustered_interval, design_effect
from keytrail.text.prevalence.intervals import Interval, jeffreys, of_draws, wilson
from keytrail.text.prevalence.observations import Observation, by_worker, known
from keytrail.text.prevalence.shares import clustered_share, raw_share, two_thresholds


def _external(observation: Observation) -> bool | None:
    return observation.external


def test_wilson_by_the_book() -> None:
    """The follow-up's and the paper's counts (ANALYSIS section 4): 16 of 48 and 44 of 158."""
    for positive, units, low, high in ((16, 48, 0.22, 0.48), (44, 158, 0.21, 0.35)):
        interval = wilson(positive, units)
        assert (interval.low, interval.high) == pytest.approx((low, high), abs=0.006)


def test_intervals_hold_at_the_ends() -> None:
    assert wilson(0, 10).low == 0
    assert wilson(10, 10).high == 1
    assert wilson(0, 0) == Interval(0.0, 1.0)
    assert jeffreys(0, 10).low == 0
    assert jeffreys(10, 10).high == 1
    assert jeffreys(5, 10).low == pytest.approx(0.2235, abs=1e-3)
    assert of_draws([0.0, 1.0], 0.5) == Interval(0.25, 0.75, 0.5)
    assert Interval(0.2, 0.4).overlaps(0.4, 0.5)
    assert not Interval(0.2, 0.4).overlaps(0.41, 0.5)


def test_unknown_results_are_left_out() -> None:
    seen = [Observation("p", "w1", external=True), Observation("p", "w2", external=False), Observation("p", "w3")]
    share = raw_share("external", seen, _external)
    assert share is not None
    assert (share.value, share.units) == (0.5, 2)
    assert raw_share("external", seen[2:], _external) is None
    assert known(seen, _external)[0] == [True, False]


def test_a_worker_counts_once_and_is_positive_if_any_submission_is() -> None:
    seen = [
        Observation("p", "w1", external=False, logit=-1.0),
        Observation("p", "w1", external=True, logit=2.0),
        Observation("p", "w2"),
        Observation("q", "w1", external=False),
    ]
    merged = by_worker(seen)
    assert [(one.population, one.worker, one.external, one.logit) for one in merged] == [
        ("p", "w1", True, 2.0),
        ("p", "w2", None, None),
        ("q", "w1", False, None),
    ]


def test_clusters_widen_an_interval() -> None:
    results = [True] * 20 + [False] * 40
    alone = clustered_interval(results, [str(number) for number in range(60)])
    grouped = clustered_interval(results, [str(number // 10) for number in range(60)])
    plain = wilson(20, 60)
    assert alone.high - alone.low == pytest.approx(plain.high - plain.low, rel=0.1)
    assert grouped.high - grouped.low > 2 * (alone.high - alone.low)
    assert clustered_interval(results, ["one"] * 60) == Interval(0.0, 1.0)


def test_design_effect_is_the_cluster_size_if_clusters_agree_within() -> None:
    results = [number // 10 % 3 == 0 for number in range(600)]
    assert design_effect(results, [str(number // 10) for number in range(600)]) == pytest.approx(10, rel=0.03)
    assert design_effect(results, [str(number) for number in range(600)]) == pytest.approx(1, rel=0.01)
    assert design_effect([True] * 4, ["a", "a", "b", "b"]) == 2
    assert design_effect([True, False, True], ["a"] * 3) == 3


def test_suspected_operators_are_one_person() -> None:
    seen = [Observation("p", f"w{n}", external=True, operator="x") for n in range(9)]
    seen += [Observation("p", f"v{n}", external=n < 6) for n in range(24)]
    workers, operators = (clustered_share("e", seen, _external, by_operator=flag) for flag in (False, True))
    assert workers is not None
    assert operators is not None
    assert operators.value == workers.value
    assert operators.interval.low < workers.interval.low
    assert "operators" in operators.method


def test_few_people_are_pointed_out() -> None:
    share = clustered_share("e", [Observation("p", f"w{n}", external=n == 0) for n in range(4)], _external)
    assert share is not None
    assert FEW_CLUSTERS_NOTE in share.assumptions
    assert share.as_json()["interval"]


def test_the_papers_two_thresholds() -> None:
    seen = [Observation("p", str(n), logit=logit) for n, logit in enumerate([5.0] * 15 + [1.0] * 6 + [-2.0] * 25)]
    loose, strict = two_thresholds(seen)
    assert (loose.value, strict.value) == pytest.approx((0.457, 0.326), abs=0.001)
    assert any("not an uncertainty interval" in assumption for assumption in loose.assumptions)
    assert two_thresholds([Observation("p", "w")]) == ()
