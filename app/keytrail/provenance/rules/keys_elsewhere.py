"""Recognise characters without keys at the pace of a hand: the keys went elsewhere.

Some input methods hand over each key as text (IBus 1.5.33 under KWin, its issue 2940), and some extensions copy into
the box what is typed in another editor. The characters then have the rhythm of their keys.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import log
from statistics import pstdev
from typing import Final

from keytrail.provenance.limits import Limits
from keytrail.provenance.report import Span
from keytrail.provenance.rules.digraphs import coupling, is_english, is_letter_pair, median_interval
from keytrail.provenance.rules.facts import KEYS_PER_WORD, MINUTE_MS, Facts
from keytrail.provenance.rules.picked_characters import WAYS, single_pieces
from keytrail.provenance.rules.rhythm import longest_interval_ms

_FEWEST: Final = 50
"""Fewer characters have no measurable rhythm."""
_PAUSE_EVERY: Final = 200
"""Whoever composes pauses at least once in so many characters; a random delay has an upper limit."""


def spans_of_other_keys(facts: Facts, limits: Limits) -> frozenset[Span]:
    """Return spans of text without keys that came a character at a time in the rhythm of a hand.

    The rhythm is judged by the figures that apply to keys: uneven, no faster than people, with pauses, and in fast
    English with the population's differences between letter pairs. A program that has such a rhythm could press keys as
    well; such text counts for review, never for nothing.
    """
    found: set[Span] = set()
    for ways in WAYS:
        singles = single_pieces(facts, ways)
        if len(singles) > _FEWEST and _has_the_rhythm(facts, singles, limits):
            found.update(span for spans in singles.values() for span in spans)
    return frozenset(found)


def _has_the_rhythm(facts: Facts, singles: Mapping[int, Sequence[Span]], limits: Limits) -> bool:
    times = sorted(singles)
    intervals = [two - one for one, two in pairwise(times)]
    most = longest_interval_ms(intervals, limits.rhythm_high_ms)
    logs = [log(interval) for interval in intervals if limits.rhythm_low_ms <= interval <= most]
    if len(logs) < _FEWEST or pstdev(logs) < limits.rhythm_review_log_sd:
        return False
    fastest = min(two - one for one, two in zip(times, times[_FEWEST - 1 :], strict=False))
    if limits.speed_review_wpm * fastest < (_FEWEST - 1) / KEYS_PER_WORD * MINUTE_MS:
        return False
    if sum(interval > limits.linear_pause_ms for interval in intervals) * _PAUSE_EVERY < len(times):
        return False
    return _depends_on_the_letters(facts, [(at_ms, singles[at_ms][0]) for at_ms in times], limits)


def _depends_on_the_letters(facts: Facts, characters: Sequence[tuple[int, Span]], limits: Limits) -> bool:
    """Return whether letter pairs differ as they do in people's typing, or cannot be judged (as for
    `no_digraph_coupling`).
    """
    if not is_english(facts.language, facts.text):
        return True
    following = [
        (facts.text[one.start : two.end].lower(), at_ms - before)
        for (before, one), (at_ms, two) in pairwise(characters)
        if one.end == two.start and limits.rhythm_low_ms <= at_ms - before <= limits.rhythm_high_ms
    ]
    pairs = [known for known in following if is_letter_pair(known[0])]
    if len(pairs) < max(1, limits.digraph_count) or median_interval(pairs) > limits.digraph_median_ms:
        return True
    correlation = coupling(pairs, facts.population)
    return correlation is None or correlation >= limits.digraph_correlation
