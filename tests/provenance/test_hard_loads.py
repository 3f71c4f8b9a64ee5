"""What a log of many page loads may cost beyond its events is bounded, and what the bound cuts off is reported."""

import random
from collections.abc import Callable

import pytest

from benchmarks.analysis_cost import ITEM, Box, allowed_loads, edited_loads, recorded
from keytrail.provenance import EpochLog, WritingLog, analyse, decode_all
from keytrail.provenance.replay import restored_text

Kind = Callable[[Box, random.Random], None]
CUT_OFF = {"initial_text", "log_inconsistent"}
EVENTS = 3000
FEW = 100


def findings(size: int, kind: Kind = edited_loads) -> set[str]:
    box = recorded(kind, size)
    log = WritingLog([EpochLog(decode_all(events)) for events in box.epochs], box.text, ITEM)
    return {found.rule for found in analyse(log).findings}


@pytest.mark.parametrize("kind", [edited_loads, allowed_loads])
def test_drafts_that_are_no_longer_looked_for_are_reported(kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    assert findings(EVENTS, kind) & CUT_OFF
    monkeypatch.setattr(restored_text, "_ALLOWANCE", 10**9)
    assert not findings(EVENTS, kind) & CUT_OFF, "it is the allowance that cuts them off"


def test_a_text_that_is_loaded_now_and_then_keeps_its_origins() -> None:
    assert not findings(FEW) & CUT_OFF
