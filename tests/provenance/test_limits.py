from math import inf, nan
from typing import Any

import pytest

from keytrail.provenance import Limits


def test_thresholds_can_be_set_one_by_one() -> None:
    assert Limits(ghost_hold_ms=20).ghost_hold_ms == 20
    assert Limits(automation_severity="review").external_high_share == Limits().external_high_share


@pytest.mark.parametrize(
    "wrong",
    [
        {"automation_severity": "loud"},
        {"ghost_pairs": -1},
        {"ghost_pairs": "50"},
        {"source_share": nan},
        {"source_share": inf},
        {"ghost_pairs": True},
        {"ghost_pairs": 1.5},
    ],
)
def test_what_no_rule_could_use_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=f"{next(iter(wrong))} must be"):
        Limits(**wrong)


def test_a_study_file_may_write_counts_as_it_likes() -> None:
    as_numbers: dict[str, Any] = {"speed_window": 40.0, "moved_run": 30.0}
    limits = Limits(**as_numbers)
    assert (type(limits.speed_window), limits.speed_window, limits.moved_run) == (int, 40, 30)
