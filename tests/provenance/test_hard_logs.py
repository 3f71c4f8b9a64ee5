"""The analysis of logs that were made to be hard costs a bounded number of calls: counted, not timed.

An event may change thousands of characters, which cost something each. So the measure is the cost for each event and
changed character together, compared with typing. How many characters a log may change is limited: what comes after is
cut off with the finding `log_cut` (tests/worker/test_floods.py).
"""

import random
import sys
from collections.abc import Callable
from functools import cache
from types import FrameType

import pytest

from benchmarks.analysis_cost import ITEM, KINDS, Box, recorded, typing
from keytrail.provenance import EpochLog, WritingLog, analyse, decode_all

TIMES_TYPING = 3
FEW, MANY = 1000, 4000
GROWTH = 1.25
"""Four times the events may cost so much more than four times as many calls: what is cached has to be met once."""

Kind = Callable[[Box, random.Random], None]


@cache
def calls(kind: Kind, size: int) -> tuple[int, int]:
    """The calls of decoding and analysing a log of one kind, of Python and C functions; its events and characters."""
    box, counted = recorded(kind, size), 0

    def count(_frame: FrameType, event: str, _what: object) -> None:
        nonlocal counted
        counted += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        analyse(WritingLog([EpochLog(decode_all(events)) for events in box.epochs], box.text, ITEM))
    finally:
        sys.setprofile(before)
    return counted, box.work


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_it_costs_at_most_three_times_typing(kind: Kind) -> None:
    made, work = calls(kind, MANY)
    typed, of_typing = calls(typing, MANY)
    assert made / work <= TIMES_TYPING * typed / of_typing


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_four_times_the_log_costs_four_times_as_much(kind: Kind) -> None:
    (few, less), (many, more) = calls(kind, FEW), calls(kind, MANY)
    assert many / few <= GROWTH * max(more / less, MANY / FEW)
