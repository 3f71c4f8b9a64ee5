import numpy as np
import pytest

from keytrail.text.prevalence import clusters
from keytrail.text.prevalence.clusters import clustered_shares, resampled_weights

PEOPLE = [f"w{number % 7}" for number in range(40)]
VALUES = [float(number % 3 == 0) for number in range(40)]


def test_a_share_is_that_of_whole_clusters_drawn_again() -> None:
    weights = resampled_weights(PEOPLE, 200, seed=3)
    assert clustered_shares(VALUES, PEOPLE, 200, seed=3) == pytest.approx(
        weights @ np.array(VALUES) / weights.sum(axis=1)
    )
    assert set(weights.sum(axis=1)) != {40.0}
    for name in set(PEOPLE):
        mine = weights[:, [place for place, person in enumerate(PEOPLE) if person == name]]
        assert (mine == mine[:, :1]).all()


def test_how_many_draws_are_held_at_once_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    at_once = clustered_shares(VALUES, PEOPLE, 100)
    for cells in (1, 50):
        monkeypatch.setattr(clusters, "_CELLS", cells)
        assert (clustered_shares(VALUES, PEOPLE, 100) == at_once).all()
