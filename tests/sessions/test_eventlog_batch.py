from typing import Any

import pytest

from keytrail.sessions.codec import decode
from keytrail.sessions.eventlog import Batch


def events(number: int) -> list[Any]:
    return [[1, "e", n, 0, "a", "insertText", 2] for n in range(number)]


@pytest.mark.parametrize(("number", "counts"), [(0, []), (1, [1]), (300, [300]), (301, [300, 1]), (900, [300] * 3)])
def test_a_whole_log_is_cut_into_batches_that_follow_each_other(number: int, counts: list[int]) -> None:
    batches = list(Batch.cut(events(number)))
    assert [batch.count for batch in batches] == counts
    assert [batch.first_seq for batch in batches] == [0, *(batch.end_seq for batch in batches)][:-1]
    assert [event for batch in batches for event in decode(batch.body)] == events(number)
