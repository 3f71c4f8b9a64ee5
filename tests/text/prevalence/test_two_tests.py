import json
import math

import numpy as np
import pytest

from keytrail.errors import BadRequest
from keytrail.text.prevalence import two_tests
from keytrail.text.prevalence.gibbs import Counts, sample
from keytrail.text.prevalence.intervals import Floats
from keytrail.text.prevalence.observations import Observation
from keytrail.text.prevalence.two_tests import (
    DEFAULT_PRIORS,
    NOT_IDENTIFIED,
    NOT_MIXED,
    WEAKLY_IDENTIFIED,
    TwoTestTable,
    clustered_two_test,
    cross_tables,
    two_test_estimate,
)

SIMULATIONS = 500
SIZES = (48, 158)


def _simulated(
    random: np.random.Generator, prevalence: Floats, sensitivity: Floats, specificity: Floats, sizes: tuple[int, ...]
) -> Counts:
    """Counts of many studies: study x population x log test x text test."""
    counts = np.zeros((len(prevalence), len(sizes), 2, 2), dtype=np.int64)
    for place, size in enumerate(sizes):
        by_models = random.binomial(size, prevalence[:, place])
        for number, rates in ((by_models, sensitivity), (size - by_models, 1 - specificity)):
            log_positive = random.binomial(number, rates[:, 0])
            for log, of_these in ((1, log_positive), (0, number - log_positive)):
                both = random.binomial(of_these, rates[:, 1])
                counts[:, place, log, 1] += both
                counts[:, place, log, 0] += of_these - both
    return counts


def _coverage(draws: Floats, truth: Floats) -> float:
    low, high = np.quantile(draws, [0.025, 0.975], axis=0)
    return float(((low <= truth) & (truth <= high)).mean())


def test_intervals_cover_simulated_truth() -> None:
    """Truth drawn from what is held likely beforehand: 95 % intervals hold it in 93-97 % of 500 studies."""
    random = np.random.default_rng(20)
    prevalence = random.beta(DEFAULT_PRIORS.prevalence.alpha, DEFAULT_PRIORS.prevalence.beta, (SIMULATIONS, 2))
    sensitivity, specificity = (
        np.stack([random.beta(prior.alpha, prior.beta, SIMULATIONS) for prior in priors], axis=-1)
        for priors in (DEFAULT_PRIORS.sensitivity, DEFAULT_PRIORS.specificity)
    )
    counts = _simulated(random, prevalence, sensitivity, specificity, SIZES)
    draws = sample(counts, DEFAULT_PRIORS, draws=4000, warm_up=500, seed=1)
    for name, drawn, truth in (
        ("prevalence", draws.prevalence, prevalence),
        ("sensitivity", draws.sensitivity, sensitivity),
        ("specificity", draws.specificity, specificity),
    ):
        assert 0.93 <= _coverage(drawn, truth) <= 0.97, name


def test_intervals_cover_a_truth_like_the_field() -> None:
    """One fixed truth, two populations that differ, as many submissions as a large study has."""
    random = np.random.default_rng(21)
    prevalence = np.tile([0.6, 0.2], (SIMULATIONS, 1))
    sensitivity, specificity = np.tile([0.89, 0.85], (SIMULATIONS, 1)), np.tile([0.95, 0.92], (SIMULATIONS, 1))
    counts = _simulated(random, prevalence, sensitivity, specificity, (300, 300))
    draws = sample(counts, DEFAULT_PRIORS, draws=3000, warm_up=500, seed=1)
    assert 0.93 <= _coverage(draws.prevalence, prevalence) <= 0.97
    assert np.abs(draws.prevalence.mean(axis=(0, 1)) - [0.6, 0.2]).max() < 0.02


def test_perfect_agreement_gives_the_share() -> None:
    estimate = two_test_estimate([TwoTestTable("a", 300, 0, 0, 100), TwoTestTable("b", 60, 0, 0, 340)])
    assert [one.value for one in estimate.prevalence] == pytest.approx([0.75, 0.15], abs=0.02)
    assert estimate.identified
    assert estimate.r_hat <= 1.01
    assert estimate.effective_draws >= 400
    assert NOT_MIXED not in estimate.assumptions


def test_a_large_study_of_poor_tests_is_sampled_long_enough() -> None:
    """The slowest chains seen: at half the draws their R-hat was 1.015."""
    tables = [TwoTestTable("a", 700, 100, 100, 2000), TwoTestTable("b", 200, 100, 100, 1000)]
    assert NOT_MIXED not in two_test_estimate(tables).assumptions


@pytest.mark.parametrize(
    ("agreement", "effective", "is_noted"),
    [(1.01, 400.0, False), (1.011, 4000.0, True), (1.0, 399.0, True), (math.nan, 4000.0, True)],
)
def test_chains_beyond_a_bound_are_noted(
    monkeypatch: pytest.MonkeyPatch,
    agreement: float,
    effective: float,
    is_noted: bool,  # noqa: FBT001 - a case
) -> None:
    monkeypatch.setattr(two_tests, "r_hat", lambda _: agreement)
    monkeypatch.setattr(two_tests, "effective_draws", lambda _: effective)
    two_tests._estimated.cache_clear()
    estimate = two_test_estimate([TwoTestTable("a", 3, 1, 1, 5)])
    two_tests._estimated.cache_clear()
    assert (NOT_MIXED in estimate.assumptions) is is_noted


def test_one_population_alone_is_not_identified_and_says_so() -> None:
    estimate = two_test_estimate([TwoTestTable("a", 20, 5, 4, 60)])
    assert not estimate.identified
    assert NOT_IDENTIFIED in estimate.assumptions
    assert NOT_IDENTIFIED in json.dumps(estimate.as_json())


def test_equal_populations_are_weakly_identified() -> None:
    table = TwoTestTable("a", 20, 5, 4, 60)
    estimate = two_test_estimate([table, TwoTestTable("b", 20, 5, 4, 60)])
    assert not estimate.identified
    assert WEAKLY_IDENTIFIED in estimate.assumptions


def test_the_same_data_give_the_same_figures() -> None:
    tables = [TwoTestTable("a", 20, 5, 4, 60), TwoTestTable("b", 8, 2, 6, 70)]
    assert two_test_estimate(tables) == two_test_estimate(tables)
    with pytest.raises(BadRequest, match="no submission"):
        two_test_estimate([])


def test_every_chain_finds_which_side_is_which() -> None:
    """Started anywhere, chains must not stay where models are called people, which explains the data as well."""
    tables = np.array([[TwoTestTable("a", 120, 20, 18, 90).counts(), TwoTestTable("b", 30, 12, 15, 240).counts()]])
    draws = sample(np.repeat(tables, 200, axis=0), DEFAULT_PRIORS, draws=200, warm_up=300, seed=3)
    assert draws.prevalence.mean(axis=0)[:, 1].max() < 0.35


def _observations(copies: int) -> list[Observation]:
    """Two populations in which each worker handed in the same result several times."""
    cells = {("a", True, True): 8, ("a", False, False): 10, ("b", True, True): 4, ("b", False, False): 30}
    cells |= {("a", True, False): 2, ("a", False, True): 2, ("b", True, False): 2, ("b", False, True): 3}
    return [
        Observation(population, f"{population}{external}{llm}{worker}", external=external, llm_like=llm)
        for (population, external, llm), workers in cells.items()
        for worker in range(workers)
        for _ in range(copies)
    ]


def test_cross_tables_leave_unknown_results_out() -> None:
    seen = [*_observations(1), Observation("a", "w", external=True), Observation("c", "w", llm_like=True)]
    first, second = cross_tables(seen)
    assert (first.population, first.both, first.log_only, first.text_only, first.neither) == ("a", 8, 2, 2, 10)
    assert second.units == 39


def test_repeated_submissions_do_not_narrow_the_interval() -> None:
    once = clustered_two_test(_observations(1))
    often = clustered_two_test(_observations(5))
    naive = two_test_estimate(cross_tables(_observations(5))).prevalence
    for single, repeated, plain in zip(once, often, naive, strict=True):
        width = repeated.interval.high - repeated.interval.low
        assert width == pytest.approx(single.interval.high - single.interval.low, rel=0.15)
        assert width > 1.3 * (plain.interval.high - plain.interval.low)
        assert repeated.units == 5 * single.units


def test_populations_together_weigh_as_many_submissions_as_they_have() -> None:
    tables = [TwoTestTable("small", 18, 1, 1, 10), TwoTestTable("large", 12, 4, 4, 100)]
    found = two_test_estimate(tables)
    small, large = (one.value for one in found.prevalence)
    assert found.together is not None
    assert found.together.value == pytest.approx((30 * small + 120 * large) / 150)
    assert found.together.units == 150
    assert found.together.interval.low < found.together.value < found.together.interval.high
    assert two_test_estimate(tables[:1]).together is None


def test_looking_again_takes_no_sampling() -> None:
    tables = [TwoTestTable("here", both=30, log_only=4, text_only=6, neither=60)]
    assert two_test_estimate(tables) is two_test_estimate(list(tables))
    assert two_test_estimate(tables) is not two_test_estimate(tables, seed=1)
