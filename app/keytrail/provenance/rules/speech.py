"""Text that came as dictation makes it: without keys, piece by piece, no faster than people speak."""

from keytrail.provenance.kinds import Origin
from keytrail.provenance.limits import Limits
from keytrail.provenance.rules.facts import UNITS_PER_WORD, Facts

_MINUTE_MS = 60_000


def dictated_units(facts: Facts, limits: Limits) -> int:
    """Units of trusted text without keys that may have been spoken: all of it or none.

    A tool that inserts an answer does so at once, in long pieces, or character by character. People speak 140 to 210
    words a minute (Tauroza, Allison 1990), and a dictation panel hands over words and phrases. A tool that imitates
    this is not told apart; therefore it counts for less, never for nothing.
    """
    pieces: dict[int, int] = {}
    for span in facts.spans:
        if span.counts_as is Origin.NOKEY:
            pieces[span.at_ms] = pieces.get(span.at_ms, 0) + span.end - span.start
    units = sum(pieces.values())
    if len(pieces) < max(1, limits.dictation_pieces) or units < limits.dictation_mean_units * len(pieces):
        return 0
    if max(pieces.values()) > limits.dictation_piece_units:
        return 0
    # What came first was spoken before it came.
    spoken = units - pieces[min(pieces)]
    could_be = limits.dictation_wpm * UNITS_PER_WORD * (max(pieces) - min(pieces)) / _MINUTE_MS
    return units if spoken <= could_be else 0
