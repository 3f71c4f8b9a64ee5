"""Recognise detours: text from outside the answer box that may be the writer's own (another field, an abbreviation,
notes).
"""

from typing import Final

from keytrail.provenance.limits import Limits
from keytrail.provenance.report import Span
from keytrail.provenance.rules.facts import MINUTE_MS, UNITS_PER_WORD, Facts

_TASK: Final = frozenset({"source", "instructions"})
LIKELY: Final = {
    "field": "typed in another field of this page",
    "expander": "inserted for an abbreviation by a text expander",
    "editor": "copied from the answer box and pasted back changed or translated",
    "notes": "written in another program (the page was left for long enough)",
}


def likely_way(span: Span, facts: Facts, limits: Limits) -> str | None:
    """Return how own text may have come from outside the box, a key of `LIKELY`; None if nothing suggests it.

    Notes need an absence as long as writing them takes, and no copy before it of much of the item or of the
    instructions: of the submissions labelled as a language model's by their logs 43 of 44 had such a copy, of the
    others 4 of 95 [D]. Who looks up a term copies a word.
    """
    way = facts.ways.get((span.epoch, span.at_ms))
    units = span.end - span.start
    words = units / UNITS_PER_WORD
    if way == "field" and span.at_ms * limits.field_wpm >= words * MINUTE_MS:
        return way
    if way == "editor":
        return way
    if way == "expander" and (units <= limits.expanded_units or units < limits.untyped_high_share * facts.length):
        return way
    if facts.integrity.by_alignment or _copied_out(span, facts, limits):
        return None
    away_ms = sum(min(gone.to_ms, span.at_ms) - gone.from_ms for gone in facts.absences if gone.from_ms < span.at_ms)
    return "notes" if away_ms and away_ms * limits.notes_wpm >= words * MINUTE_MS else None


def _copied_out(span: Span, facts: Facts, limits: Limits) -> bool:
    """Return whether enough to ask a language model had been copied: much of the item, or instructions."""
    before = [copy for copy in facts.copies if copy.at_ms < span.at_ms and copy.where in _TASK]
    if sum(copy.item_share for copy in before if copy.where == "source") >= limits.round_trip_copy:
        return True
    return any(copy.where == "instructions" and copy.units >= limits.source_run for copy in before)
