"""Programs that look like the tools of tests/provenance/test_honest_kinds.py."""

from collections.abc import Callable
from random import Random

import pytest

from keytrail.provenance import Verdict
from tests.provenance.honest import report
from tests.provenance.people import entered
from tests.provenance.test_honest_kinds import (
    board_as_keyboard,
    by_gaze,
)
from tests.provenance.test_naive_disguises import FOREIGN
from tests.provenance.typist import qwerty

WAYS = [("insertText", 2), ("insertText", 0), ("insertText", 1), ("silent", 0)]
LONG = FOREIGN + " These findings suggest pathways through which municipalities may promote active ageing."
Delay = Callable[[Random], float]


@pytest.mark.parametrize("wpm", [30, 60, 400])
def test_sentences_of_keys_after_short_waits_are_no_speaking_board(wpm: float) -> None:
    assert report(board_as_keyboard(50, 25, wpm)).verdict is Verdict.STRONG


def test_a_whole_text_of_keys_is_no_speaking_board() -> None:
    assert report(board_as_keyboard(60, 40, 12, [FOREIGN])).verdict is Verdict.STRONG


@pytest.mark.parametrize(("dwell", "verdict"), [(50, Verdict.STRONG), (600, Verdict.REVIEW)])
def test_even_keys_faster_than_a_gaze(dwell: int, verdict: Verdict) -> None:
    writer, chance = entered(), Random(3)
    for char in FOREIGN.lower():
        writer.log("k", qwerty(char), char, 0, dt=dwell + chance.randint(50, 60))
        writer.edit(writer.caret, 0, char, "insertText").log("u", qwerty(char), 0, dt=2)
    assert report(writer).verdict is verdict


def test_a_gaze_is_never_clear() -> None:
    assert report(by_gaze(1_500)).verdict is Verdict.REVIEW
