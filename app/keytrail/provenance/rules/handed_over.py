"""Recognise keys that a tool presses for a person: those of a phrase or of a word in one go, after what a hand or voice
did.
"""

from collections.abc import Sequence
from itertools import pairwise
from math import log
from statistics import pstdev
from typing import Final

from keytrail.provenance.limits import Limits
from keytrail.provenance.replay.trace import Arrived
from keytrail.provenance.rules.facts import MINUTE_MS, UNITS_PER_WORD, Facts
from keytrail.provenance.rules.pace import SAID, last_before, units_per_ms, usual_wpm
from keytrail.provenance.rules.rhythm import longest_interval_ms

_PHRASE: Final = 12
"""Minimum keys of a phrase, two words; a word has fewer."""
_PHRASES: Final = 3
"""Minimum phrases; a program that types a text does so at once."""
_WORD: Final = 3
"""Minimum keys of a word with its space; two keys may fall together under any hand."""
_WORDS: Final = 8
"""Fewer words have no measurable rhythm."""
_APART_MS: Final = 1_000
"""A longer time between two keys separates phrases that a speaking board types."""
_BOARD_WPM: Final = 20.0
"""Faster than people compose on a speaking board: twelve words a minute are fast where words are chosen by gaze or
switch. Ours: agents wait for less."""


def handed_over(facts: Facts, limits: Limits) -> bool:
    """Return whether most keys may come from a tool that types for a person."""
    pieces = _pieces(facts, limits)
    return _follow_speech(pieces, facts, limits) or _follow_a_hand(pieces, limits) or _follow_composing(facts)


def _pieces(facts: Facts, limits: Limits) -> list[list[int]]:
    """Return the times of text keys, in pieces whose keys came faster than anybody speaks, let alone types."""
    pieces: list[list[int]] = []
    for down in facts.rhythm.downs:
        at_once = pieces and 0 <= (down.at_ms - pieces[-1][-1]) * limits.keyless_wpm * UNITS_PER_WORD <= MINUTE_MS
        if at_once:
            pieces[-1].append(down.at_ms)
        else:
            pieces.append([down.at_ms])
    return pieces


def _follow_speech(pieces: Sequence[Sequence[int]], facts: Facts, limits: Limits) -> bool:
    """Return whether most keys may be those of a program that types what was said, a phrase at a time.

    Dictation programs and voice control press the keys of a phrase at once, after it was said. Each of several phrases
    needs as much time before it as saying it takes; a program that types a text does not wait.
    """
    phrases = [at for at, piece in enumerate(pieces) if len(piece) >= _PHRASE]
    handed = sum(len(pieces[at]) for at in phrases)
    if len(phrases) < _PHRASES or 2 * handed < sum(map(len, pieces)):
        return False
    rate = units_per_ms(limits.dictation_wpm)
    said = 0
    for at in phrases:
        since = max(pieces[at - 1][-1] if at else 0, last_before(pieces[at][0], facts.focused_ms))
        most = min(limits.dictation_piece_units, rate * (pieces[at][0] - since))
        said += len(pieces[at]) if len(pieces[at]) <= most + _PHRASE else 0
    return said >= SAID * handed


def _follow_composing(facts: Facts) -> bool:
    """Return whether most keys may be those of a speaking board that is connected as a keyboard.

    Such a device types each sentence at a rate of its own after its writer has composed it there. Each of several
    phrases needs as much time before it as composing takes; the first may have been composed before the box was
    entered.
    """
    runs: list[list[int]] = []
    for down in facts.rhythm.downs:
        if runs and 0 <= down.at_ms - runs[-1][-1] <= _APART_MS:
            runs[-1].append(down.at_ms)
        else:
            runs.append([down.at_ms])
    phrases = [(run, before[-1]) for before, run in pairwise([[0], *runs]) if len(run) >= _PHRASE]
    handed = sum(len(run) for run, _ in phrases)
    if len(phrases) < _PHRASES or 2 * handed < sum(map(len, runs)):
        return False
    rate = units_per_ms(_BOARD_WPM)
    return sum(len(run) for run, since in phrases if len(run) <= rate * (run[0] - since)) >= SAID * handed


def _follow_a_hand(pieces: Sequence[Sequence[int]], limits: Limits) -> bool:
    """Return whether most keys may come a word at a time from a tool that a hand steers.

    Stenography machines, chorded keyboards, word predictions, abbreviations and phones that serve as a keyboard press
    the keys of a word at once. The words then follow each other as unevenly as a hand acts, and no faster than anybody
    speaks; a program with a fixed or nearly fixed delay between words is more even.
    """
    words = [piece for piece in pieces if len(piece) >= _WORD]
    sizes = [len(word) for word in words]
    if len(words) < _WORDS or 2 * sum(sizes) < sum(map(len, pieces)):
        return False
    arrived = [Arrived(word[0], len(word), 1) for word in words]
    if usual_wpm(arrived, limits.keyless_window) > limits.keyless_wpm:
        return False
    gaps = [two[0] - one[-1] for one, two in pairwise(words)]
    most = longest_interval_ms(gaps, limits.rhythm_high_ms)
    return pstdev([log(gap) for gap in gaps if 0 < gap <= most] or [0.0]) >= limits.rhythm_log_sd
