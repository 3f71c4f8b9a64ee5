"""Recognise dictation programs that listen while a key is held and then paste what was said."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final

from keytrail.provenance.replay.keys import HIDDEN_KEYS
from keytrail.provenance.replay.trace import Down
from keytrail.provenance.rules.facts import Facts
from keytrail.provenance.wire.events import KeyFlag

_TRANSCRIBED_MS: Final = 30_000
"""Time from releasing the key to the paste; a program on the device takes some seconds for a minute of speech. Ours."""


def held_before(facts: Facts, times: Sequence[int]) -> Mapping[int, int]:
    """Return, for each of these sorted times, how long a key that makes no text was held before it, in milliseconds.

    A key counts for the first time after its release, at most `_TRANSCRIBED_MS` later.
    """
    holds = _holds(facts)
    return {
        at_ms: max((up - down for down, up in holds if before < up <= at_ms <= up + _TRANSCRIBED_MS), default=0)
        for before, at_ms in pairwise([-1, *times])
    }


def _holds(facts: Facts) -> list[tuple[int, int]]:
    """Return when keys that make no text (modifiers, function keys) went down and up, where both are recorded."""
    down: dict[tuple[int, str], int] = {}
    holds: list[tuple[int, int]] = []
    for press in facts.rhythm.presses:
        name = press.epoch, press.event.code
        if isinstance(press, Down):
            silent = len(press.event.key) > 1 and press.event.key not in HIDDEN_KEYS
            if silent and press.event.code and not press.event.flags & KeyFlag.REPEAT:
                down[name] = press.at_ms
        elif name in down:
            holds.append((down.pop(name), press.at_ms))
    return holds
