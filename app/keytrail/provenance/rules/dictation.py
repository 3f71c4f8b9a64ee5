"""Recognise text that may have been dictated: without keys, in phrases, no faster than people speak."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from itertools import pairwise
from statistics import fmean, pstdev
from typing import Final

from keytrail.provenance.kinds import Origin
from keytrail.provenance.limits import Limits
from keytrail.provenance.report import Span
from keytrail.provenance.rules.facts import MINUTE_MS, Facts
from keytrail.provenance.rules.pace import SAID, last_before, units_per_ms
from keytrail.provenance.rules.push_to_talk import held_before

_WIDE: Final = range(0x2E80, 0xD800)
"""Scripts whose characters are syllables or words, from the CJK radicals to Hangul."""
_WIDE_COUNTS: Final = 4
"""Such a character takes as long to say as about four letters (five to six syllables a second)."""
_EARLY_UNITS: Final = 12
"""A word or two may come a little early: panels do not report evenly."""
_SPLIT: Final = 0.25
"""Share of pieces that may begin within a word; a tool that cuts by length does so in four of five."""
_SCRIPTED_PIECES: Final = 3
"""Minimum pieces of an extension that dictates through a script, or of a program that pastes; one that inserts a whole
text does so at once."""
_SENTENCE: Final = 100
"""Of an extension fewer pieces are enough if each is no longer than a sentence, about seventeen words. Not of a program
that pastes, unless a key was held meanwhile: a single paste is what anybody does who has a text from elsewhere. What
was composed on a speaking board before the box was entered may be as long."""
_TRANSCRIBED_MS: Final = 15_000
"""A program that transcribes a sentence takes some seconds. Ours."""
_ACTS: Final = 200
"""Keys of which the times are read: more than anybody presses meanwhile."""
_BY_SCRIPT: Final = frozenset({"script", "silent"})
_EVEN_PIECES: Final = 6
_EVEN_WORDS: Final = 2.0
_EVEN: Final = 0.1
"""A script's phrases at intervals as even as this come from a timer; people's phrases differ in length."""


def spoken_spans(facts: Facts, limits: Limits) -> frozenset[Span]:
    """Return spans of text without keys that may have been spoken.

    A tool that inserts an answer does so at once, in long pieces, or character by character. People speak 140 to 210
    words a minute (Tauroza, Allison 1990), and a dictation panel inserts words, phrases or sentences after they were
    said: each piece needs as much time before it, since the box was entered or something was typed, as saying it takes.
    On a speaking board a sentence is composed before it is handed over; it may arrive as soon as the box is entered. A
    tool that imitates this cannot be distinguished; such text therefore counts for less, never for nothing.
    """
    spoken: set[Span] = set()
    for ways in _ways(facts):
        pieces: dict[int, list[Span]] = {}
        for span in facts.spans:
            if span.counts_as in ways:
                pieces.setdefault(span.at_ms, []).append(span)
        if pieces and _has_the_form(facts, pieces, limits, ways):
            spoken |= _in_time(facts, pieces, limits, composed=Origin.NOKEY in ways)
    return frozenset(spoken)


def spoken_rewrites(facts: Facts, limits: Limits) -> int:
    """Return the units of text that replaced own words and that may have been spoken over a selection."""
    pieces: dict[int, list[Span]] = {}
    for span in facts.spans:
        if span.counts_as is Origin.REWRITTEN and span.cause not in _BY_SCRIPT:
            pieces.setdefault(span.at_ms, []).append(span)
    return sum(span.end - span.start for span in _in_time(facts, pieces, limits)) if pieces else 0


def _ways(facts: Facts) -> list[tuple[Origin, ...]]:
    """Return the origins that dictated text may have.

    Some dictation programs paste. Of pastes only those of a writer who never left the page and copied nothing out of it
    may be that, because text from another program looks the same.
    """
    ways: list[tuple[Origin, ...]] = [(Origin.NOKEY,), (Origin.SCRIPT, Origin.SILENT)]
    if not facts.absences and not facts.copies and not facts.integrity.by_alignment:
        ways.append((Origin.EXTERNAL,))
    return ways


def dictated_units(facts: Facts, limits: Limits) -> int:
    """Return the units of text without keys that may have been spoken."""
    return sum(span.end - span.start for span in spoken_spans(facts, limits))


def _has_the_form(facts: Facts, pieces: Mapping[int, Sequence[Span]], limits: Limits, ways: Sequence[Origin]) -> bool:
    texts = [facts.text[span.start : span.end] for spans in pieces.values() for span in spans]
    units = sum(len(text) + _wide(text) for text in texts)
    if units < limits.dictation_mean_units * len(pieces) or len(pieces) < max(1, limits.dictation_pieces):
        return False
    words = sum(len(text.split()) for text in texts) / len(pieces)
    scripted = Origin.NOKEY not in ways
    most = 0 if Origin.EXTERNAL in ways else _SENTENCE * len(pieces)
    few = scripted and len(pieces) < _SCRIPTED_PIECES and units > most
    if few and not (Origin.EXTERNAL in ways and _said_on_a_key(facts, pieces, limits)):
        return False
    split = sum(_begins_within_word(facts.text, span.start) for spans in pieces.values() for span in spans[:1])
    timed = _timed(sorted(pieces), limits, scripted=scripted)
    # System recognisers insert single words at an even beat; scripts do not.
    return split <= _SPLIT * len(pieces) and not (timed and (scripted or words > _EVEN_WORDS))


def _said_on_a_key(facts: Facts, pieces: Mapping[int, Sequence[Span]], limits: Limits) -> bool:
    """Return whether before each paste a key that makes no text was held for as long as saying the text takes.

    Some dictation programs listen while such a key is held.
    """
    rate = units_per_ms(limits.dictation_wpm)
    held = held_before(facts, sorted(pieces))
    return all(
        sum(_effort(facts.text[span.start : span.end]) for span in spans) <= rate * held[at_ms] + _EARLY_UNITS
        for at_ms, spans in pieces.items()
    )


def _begins_within_word(text: str, start: int) -> bool:
    around = text[max(0, start - 1) : start + 1]
    return len(around) > 1 and around.isascii() and around.isalnum()


def _timed(times: Sequence[int], limits: Limits, *, scripted: bool) -> bool:
    """Return whether pieces came from a timer; some recognisers hand over at a beat, but not as exactly."""
    intervals = [two - one for one, two in pairwise(times)]
    if len(intervals) < _EVEN_PIECES or (not scripted and fmean(intervals) >= limits.keyless_beat_ms):
        return False
    return pstdev(intervals) < (_EVEN if scripted else limits.keyless_clock_log_sd) * fmean(intervals)


def _in_time(
    facts: Facts, pieces: Mapping[int, Sequence[Span]], limits: Limits, *, composed: bool = False
) -> set[Span]:
    """Return the pieces preceded by enough time to say them, including time left over from the previous piece.

    With `composed` a sentence may have been composed on a speaking board before the box was entered.
    """
    rate = units_per_ms(limits.dictation_wpm)
    most = limits.dictation_piece_units + _EARLY_UNITS
    spoken: set[Span] = set()
    tried = 0
    left, since, before = float(_EARLY_UNITS), 0, 0.0
    for at_ms in sorted(pieces):
        acted = last_before(at_ms, facts.focused_ms, facts.typed_ms, facts.composed_ms)
        if acted > since:
            quiet = _quiet_ms(facts, since, at_ms) - (at_ms - acted)
            left, since = _EARLY_UNITS + rate * max(0, quiet), acted
            if composed and facts.focused_ms and acted == facts.focused_ms[0]:
                before = min(_SENTENCE, units_per_ms(limits.notes_wpm) * acted)
        left = min(most, left + rate * max(0, at_ms - since))
        since = max(since, at_ms)
        needed = sum(_effort(facts.text[span.start : span.end]) for span in pieces[at_ms])
        if needed <= most:
            tried += needed
        if needed <= max(left, before):
            spoken.update(pieces[at_ms])
            left = max(0.0, left - needed)
        before = 0.0
    said = sum(_effort(facts.text[span.start : span.end]) for span in spoken)
    return spoken if said >= SAID * tried else set()


def _quiet_ms(facts: Facts, since: int, at_ms: int) -> int:
    """Return the longest time without typing that ended shortly before `at_ms` and after `since`.

    Programs that transcribe a recording take a while; meanwhile some people type on.
    """
    first = max(since, at_ms - _TRANSCRIBED_MS - MINUTE_MS)
    series = (facts.focused_ms, facts.typed_ms, facts.composed_ms)
    ends = [(times, bisect_left(times, at_ms)) for times in series]
    acts = sorted(time for times, end in ends for time in times[max(0, end - _ACTS) : end] if time >= first)
    before = [since] if 0 < since == first else []
    return max((two - one for one, two in pairwise([*before, *acts]) if two >= at_ms - _TRANSCRIBED_MS), default=0)


def _effort(text: str) -> int:
    return len(text) + (_WIDE_COUNTS - 1) * _wide(text)


def _wide(text: str) -> int:
    return 0 if text.isascii() else sum(ord(char) in _WIDE for char in text)
