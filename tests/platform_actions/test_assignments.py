"""Which of two statuses of one assignment wins when messages come late and in any order."""

from itertools import pairwise, permutations

import pytest

from keytrail.models import PlatformAssignment
from keytrail.platform_actions.assignments import PlatformStatus, _is_old

# Each line is later in an assignment's life than the one before; those of a line are as late as each other.
ORDER = [
    ["RESERVED", "of no known kind"],
    ["ACTIVE"],
    ["TIMED-OUT"],
    ["Submitted", "AWAITING REVIEW"],
    ["RETURNED", "SCREENED OUT"],
    ["Rejected", "REJECTED"],
    ["Approved", "APPROVED", "PARTIALLY APPROVED"],
]
LATER = [(before, after) for earlier, later in pairwise(ORDER) for before in earlier for after in later]


def is_old(known: str, status: str, *, certain: bool = False) -> bool:
    return _is_old(PlatformAssignment(status=known), PlatformStatus("A", status, certain), status, None)


@pytest.mark.parametrize(("before", "after"), LATER)
def test_a_late_message_of_an_earlier_stage_is_old(before: str, after: str) -> None:
    assert not is_old(before, after)
    assert is_old(after, before)
    assert not is_old(after, before, certain=True)


@pytest.mark.parametrize("stage", ORDER)
def test_statuses_of_one_stage_follow_each_other_in_any_order(stage: list[str]) -> None:
    for known, status in permutations(stage, 2):
        assert not is_old(known, status)
    for status in stage:
        assert is_old(status, status)
        assert is_old(status, status, certain=True)
