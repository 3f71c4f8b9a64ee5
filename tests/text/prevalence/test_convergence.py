"""R-hat and effective sample size compared with ArviZ's results for the same draws, stored here."""

import numpy as np
import pytest

from keytrail.text.prevalence.convergence import effective_draws, r_hat
from keytrail.text.prevalence.intervals import Floats

DRAWS, CHAINS = 400, 6
# arviz.rhat(draws.T), arviz.ess(draws.T) and arviz.ess(draws.T, method="tail") of ArviZ 0.23.4.
ARVIZ = [
    ("independent", 0.999704, 2558.5299, 2040.2693),
    ("sluggish", 1.085301, 68.3346, 139.4648),
    ("shifted", 1.067832, 60.1572, 170.1392),
    ("wide", 1.157215, 2739.2947, 35.1988),
    ("drifting", 1.034368, 129.5715, 1625.4699),
    ("alternating", 0.999650, 8112.5070, 2418.8368),
    ("odd", 0.999702, 2549.3320, 2112.5375),
    ("tails", 0.999935, 2121.7493, 2343.8584),
    ("bounded", 0.999555, 2399.7968, 2084.6353),
]


def chains(kind: str) -> Floats:
    """Draws by chain that are well mixed, or fail to be in one way."""
    random = np.random.default_rng(14)
    draws = random.standard_normal((DRAWS, CHAINS))
    made = {
        "independent": draws,
        "odd": draws[:-1],
        "sluggish": _autoregressive(draws, 0.95, np.sqrt(1 - 0.95**2)),
        "alternating": _autoregressive(draws, -0.5, 1),
        "shifted": draws + np.eye(1, CHAINS),
        "wide": draws * (1 + 3 * np.eye(1, CHAINS)),
        "drifting": draws + np.linspace(0, 1, DRAWS)[:, None],
        "tails": np.random.default_rng(3).standard_cauchy((DRAWS, CHAINS)),
        "bounded": random.beta(9, 1.2, (DRAWS, CHAINS)),
    }
    return made[kind]


def _autoregressive(draws: Floats, share: float, noise: float) -> Floats:
    made = draws.copy()
    for step in range(1, len(made)):
        made[step] = share * made[step - 1] + noise * made[step]
    return made


@pytest.mark.parametrize(("kind", "agreement", "bulk", "tail"), ARVIZ)
def test_figures_are_those_of_arviz(kind: str, agreement: float, bulk: float, tail: float) -> None:
    draws = chains(kind)
    assert r_hat(draws) == pytest.approx(agreement, abs=1e-5)
    assert effective_draws(draws) == pytest.approx(min(bulk, tail), rel=1e-5)


def test_what_the_r_hat_of_1992_passes_is_found() -> None:
    """Chains with equal means and unequal spread agree by their means alone."""
    draws = chains("wide")
    draws = draws - draws.mean(axis=0)
    within, between = draws.var(axis=0, ddof=1).mean(), draws.mean(axis=0).var(ddof=1) * DRAWS
    assert np.sqrt((DRAWS - 1) / DRAWS + between / DRAWS / within) < 1.001
    assert r_hat(draws) > 1.1
