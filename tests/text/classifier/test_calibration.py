import numpy as np
import pytest

from keytrail.text.classifier.calibration import fit_platt, learn_thresholds, logit, lower_bound, upper_bound
from keytrail.text.classifier.metrics import calibration_error, false_alarms_at_recall, figures_of


def test_platt_recovers_the_curve_that_made_the_labels() -> None:
    random = np.random.default_rng(0)
    scores = random.normal(0, 2, 20_000)
    synthetic = random.random(20_000) < 1 / (1 + np.exp(-(1.5 * scores)))
    platt = fit_platt(scores, synthetic)
    assert platt.slope == pytest.approx(1.5, rel=0.05)
    assert platt.intercept == pytest.approx(0, abs=0.1)
    assert platt.probabilities(scores[:3]) == pytest.approx([platt.probability(score) for score in scores[:3]])


def test_platt_survives_scores_that_separate() -> None:
    platt = fit_platt(np.array([-2.0, -1.0, 1.0, 2.0]), np.array([False, False, True, True]))
    assert 0 < platt.probability(-1.0) < 0.5 < platt.probability(1.0) < 1


@pytest.mark.parametrize("rate", [0.1, 0.05, 0.02])
def test_a_bound_keeps_its_promise_for_values_not_seen(rate: float) -> None:
    random = np.random.default_rng(5)
    exceeded = [
        float((random.normal(size=500) >= upper_bound(random.normal(size=120), rate)).mean()) for _ in range(400)
    ]
    assert np.mean(exceeded) <= rate * 1.05
    assert np.mean(exceeded) >= rate * 0.5


def test_too_few_values_give_the_largest() -> None:
    values = np.linspace(0, 0.7, 20)
    assert upper_bound(values, 0.01) == pytest.approx(0.7)
    assert (values >= upper_bound(values, 0.01)).sum() == 0
    assert lower_bound(values, 0.01) == 0.0


def test_a_threshold_has_to_hold_for_every_kind_of_honest_text() -> None:
    people, extracts = np.linspace(0, 0.6, 200), np.linspace(0, 0.01, 2000)
    alone = learn_thresholds((people,), np.linspace(0.2, 1, 100))
    beside = learn_thresholds((people, extracts), np.linspace(0.2, 1, 100))
    assert beside.synthetic_from == alone.synthetic_from
    careful = learn_thresholds((people, extracts), np.linspace(0.2, 1, 100), caution=0.5)
    assert careful.synthetic_from[0.02] == alone.synthetic_from[0.01]
    assert careful.human_below < alone.human_below


def test_calibration_error_by_hand() -> None:
    probabilities = np.array([0.05, 0.05, 0.95, 0.95])
    assert calibration_error(probabilities, np.array([False, False, True, True])) == pytest.approx(0.05)
    assert calibration_error(probabilities, np.array([True, True, False, False])) == pytest.approx(0.95)


def test_no_threshold_lies_beyond_even_odds() -> None:
    thresholds = learn_thresholds((np.linspace(0, 0.01, 200),), np.linspace(0.99, 1, 200))
    assert set(thresholds.synthetic_from.values()) == {0.5}
    assert thresholds.band(0.01) == (0.5, 0.5)


def test_figures_by_hand() -> None:
    figures = figures_of([0.9, 0.6, 0.4, 0.1], [True, False, True, False])
    assert (figures.texts, figures.synthetic, figures.accuracy, figures.auc) == (4, 2, 0.5, 0.75)
    assert false_alarms_at_recall([0.9, 0.6, 0.4, 0.1], [True, False, True, False], 0.5) == 0.0
    assert false_alarms_at_recall([0.9, 0.6, 0.4, 0.1], [True, False, True, False], 1.0) == 0.5


def test_log_odds() -> None:
    assert logit(0.5) == 0
    assert logit(0.0) < -20 < 20 < logit(1.0)
