"""Recognise text that may have been picked character by character: handwriting panels, on-screen keyboards, switches.

Some of these insert each character without a key event, on devices that report a mouse.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from statistics import median
from typing import Final

from keytrail.provenance.kinds import Origin
from keytrail.provenance.limits import Limits
from keytrail.provenance.report import Span
from keytrail.provenance.rules.characters import is_single
from keytrail.provenance.rules.facts import Facts

_FEWEST: Final = 3
WAYS: Final = ((Origin.NOKEY,), (Origin.SCRIPT, Origin.SILENT))
"""Origins of text without keys that one tool gives."""
_CLICKED: Final = 0.8
"""Clicks or touches for each character that a script inserts, as from a keyboard that an extension draws."""
_MOSTLY: Final = 0.8
"""Share of the insertions that are single characters; panels complete a word now and then."""


def picked_spans(facts: Facts, limits: Limits) -> frozenset[Span]:
    """Return spans of trusted text without keys that may have been picked one character at a time.

    People take half a second and more for each character on an on-screen keyboard or in a handwriting panel; half of
    the intervals must be at least that of very fast ones. A script's characters also need a click each. A tool that
    inserts letters as slowly cannot be distinguished; such text counts for review, never for nothing.
    """
    picked: set[Span] = set()
    for ways in WAYS:
        picked |= _picked(facts, single_pieces(facts, ways), limits, scripted=Origin.NOKEY not in ways)
    return frozenset(picked)


def single_pieces(facts: Facts, ways: Sequence[Origin]) -> dict[int, list[Span]]:
    """Return the insertions of these origins that are single characters, by time; none unless most are."""
    pieces: dict[int, list[Span]] = {}
    for span in facts.spans:
        if span.counts_as in ways:
            pieces.setdefault(span.at_ms, []).append(span)
    singles = {at_ms: spans for at_ms, spans in pieces.items() if _is_single(facts.text, spans)}
    return singles if len(singles) >= max(_FEWEST, _MOSTLY * len(pieces)) else {}


def _picked(facts: Facts, singles: Mapping[int, list[Span]], limits: Limits, *, scripted: bool) -> set[Span]:
    if not singles:
        return set()
    if scripted and facts.signs.clicks + facts.signs.touches < _CLICKED * len(singles):
        return set()
    intervals = [two - one for one, two in pairwise(sorted(singles))]
    if median(intervals) < limits.picked_ms:
        return set()
    return {span for spans in _in_time(singles, limits) for span in spans}


def _is_single(text: str, spans: Sequence[Span]) -> bool:
    return all(is_single(text[span.start : span.end]) for span in spans)


def _in_time(singles: Mapping[int, Sequence[Span]], limits: Limits) -> list[Sequence[Span]]:
    """Return characters that did not come at once with the one before."""
    times = sorted(singles)
    late = [times[0], *(two for one, two in pairwise(times) if two - one >= limits.picked_ms / 4)]
    return [singles[at_ms] for at_ms in late]
