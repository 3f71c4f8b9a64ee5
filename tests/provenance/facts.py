"""Facts for testing one rule at a time."""

from dataclasses import replace
from typing import Any

from keytrail.provenance.kinds import Origin
from keytrail.provenance.replay.trace import Down, Press, Up
from keytrail.provenance.report import Span
from keytrail.provenance.rules.facts import Facts, Integrity
from keytrail.provenance.rules.rhythm import Rhythm
from keytrail.provenance.wire.events import KeyDown, KeyUp


def text_of(*parts: tuple[Origin, int], **others: Any) -> Facts:
    """A text of so many units of each origin, one after the other, each a second later."""
    spans = []
    at = 0
    for number, (origin, units) in enumerate(parts):
        inherited = others.pop("inherited", Origin.TYPED) if origin is Origin.MOVED else None
        spans.append(Span(at, at + units, origin, 1000 * number, "", 0, inherited))
        at += units
    return replace(Facts("x" * at, spans, "", Rhythm(), Integrity(events=1), tick_ms=0.1), **others)


def rhythm_of(intervals: list[int], holds: list[int], text: str = "", flags: int = 0) -> Rhythm:
    """Keys pressed one after the other: times from keydown to keydown, and how long each was held."""
    presses: list[Press] = []
    now = 0
    for number, (interval, hold) in enumerate(zip(intervals, holds, strict=True)):
        now += interval
        key = text[number % len(text)] if text else "a"
        code = f"Key{key.upper()}"
        presses.append(Down(now, 0, KeyDown(0, code, key, flags)))
        presses.append(Up(now + hold, 0, KeyUp(0, code, 0)))
    return Rhythm(sorted(presses, key=lambda press: press.at_ms))


def human(count: int) -> tuple[list[int], list[int]]:
    """Intervals and holds of an uneven hand."""
    intervals = [60 + (number * 7919) % 240 + (700 if number % 17 == 0 else 0) for number in range(count)]
    return intervals, [55 + (number * 104729) % 70 for number in range(count)]
