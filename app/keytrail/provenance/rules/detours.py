"""Recognise detours: text from outside the answer box that may be the writer's own (another field, an abbreviation,
notes).
"""

from typing import Final

from keytrail.provenance.limits import Limits
from keytrail.provenance.report import Span
from keytrail.provenance.rules.facts import UNITS_PER_WORD, Facts

_MINUTE_MS: Final = 60_000
_TASK: Final = frozenset({"source", "instructions"})
LIKELY: Final = {
    "field": "typed in another field of this page",
    "expander": "put in for an abbreviation by a text expander",
    "editor": "taken out of the box and brought back changed or translated",
    "notes": "written in another program, for the page was left long enough",
}


def likely_way(span: Span, facts: Facts, limits: Limits) -> str | None:
    """Return how own text may have come from outside the box, a key of `LIKELY`; None if nothing suggests it.

    Notes need an absence as long as writing them takes, and no copy of item or instructions: of the submissions
    labelled as a language model's by their logs 43 of 44 had such a copy, of the others 4 of 95 [D].
    """
    way = facts.ways.get((span.epoch, span.at_ms))
    units = span.end - span.start
    words = units / UNITS_PER_WORD
    if way == "field" and span.at_ms * limits.field_wpm >= words * _MINUTE_MS:
        return way
    if way == "editor":
        return way
    if way == "expander" and (units <= limits.expanded_units or units < limits.untyped_high_share * facts.length):
        return way
    if facts.integrity.by_alignment or any(copy.where in _TASK and copy.at_ms < span.at_ms for copy in facts.copies):
        return None
    away_ms = sum(min(gone.to_ms, span.at_ms) - gone.from_ms for gone in facts.absences if gone.from_ms < span.at_ms)
    return "notes" if away_ms and away_ms * limits.notes_wpm >= words * _MINUTE_MS else None
