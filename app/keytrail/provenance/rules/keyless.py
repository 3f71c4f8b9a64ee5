"""Rules on keyless text that came in pieces, faster or more even than speech and fingers allow.

Dictation, swiping and accepted predictions insert words without keys, and compositions hide keys. A page may claim a
touch screen, and a tool may insert its text in pieces. The pace of such text shows whether a person can have made it.
"""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise
from math import log
from statistics import median, pstdev
from typing import Final

from keytrail.messages import message
from keytrail.provenance.formatting import count
from keytrail.provenance.kinds import Family, Origin, Severity
from keytrail.provenance.limits import Limits
from keytrail.provenance.replay.trace import Arrived, Down
from keytrail.provenance.report import Figure, Finding
from keytrail.provenance.rules.facts import Facts
from keytrail.provenance.rules.pace import SAID, last_before, units_per_ms, usual_wpm
from keytrail.provenance.rules.rule import rule

_AT_ONCE_MS: Final = 250
"""Words so close to each other were not spoken in between: 240 words a minute."""
_UTTERANCES: Final = 3
"""Minimum utterances whose words may come at once; a tool that streams a text does so in one go."""


@rule(
    "Faster or more even than people speak",
    Family.PROVENANCE,
    Severity.REVIEW,
    Severity.HIGH,
    cause="On 0 of 6 emulated phone dictations; no available data set includes people who dictate.",
    for_worker=message(
        "Text came without keys, faster or more evenly than people usually speak (%(units)s characters)."
    ),
)
def unspeakable_pace(facts: Facts, limits: Limits) -> Finding | None:
    """Text without keys came faster than anybody speaks for most of the time, or in phrases at even distances.

    Auctioneers reach 250 words a minute and trained readers 300 (Tauroza, Allison 1990: means of 140 to 210). The time
    to say a phrase grows with its length, and it arrives after it was said; a tool with a fixed delay inserts short and
    long phrases at the same distance. Some recognisers hand over what was said at a fixed beat, so even distances alone
    are for review unless they are as exact as a timer's. Single words are excluded from this sign, because recognisers
    insert them at an even beat; so are long beats, in which people pause unseen. Others insert the words of an
    utterance one by one when it is over: a high pace is for review where each utterance came after enough time to say
    it.
    """
    pieces = [piece for piece in facts.keyless if piece.units > 0]
    units = sum(piece.units for piece in pieces)
    if len(pieces) < limits.keyless_pieces or units < limits.keyless_units:
        return None
    signs: list[str] = []
    high = False
    figures: dict[str, Figure] = {"pieces": len(pieces), "units": units}
    wpm = usual_wpm(pieces, limits.keyless_window)
    if wpm > limits.keyless_wpm:
        signs.append(f"at {min(wpm, 9_999):,.0f} words per minute (people speak at up to {limits.keyless_wpm:.0f})")
        figures["words_per_minute"] = round(min(wpm, 9_999.0), 1)
        high = not _said_before(pieces, facts, limits)
    evenness = _evenness(pieces, limits)
    if evenness is not None and evenness < limits.keyless_log_sd:
        signs.append("at even intervals although the phrases differ in length (a longer phrase takes longer to say)")
        figures["log_interval_sd"] = round(evenness, 4)
        high = high or evenness < limits.keyless_clock_log_sd
    if not signs:
        return None
    innocent = (
        "" if high else "Some dictation programs hand over what was said at a fixed beat, or all its words at its end. "
    )
    return Finding(
        rule="unspeakable_pace",
        family=Family.PROVENANCE,
        severity=Severity.HIGH if high else Severity.REVIEW,
        explanation=(
            f"{innocent}{count(units, 'character')} came in {count(len(pieces), 'piece')} without keys that could type "
            f"them, {' and '.join(signs)}."
        ),
        times_ms=(pieces[0].at_ms,),
        figures=figures,
    )


@rule(
    "Hardly any keys on a touch screen",
    Family.MECHANICS,
    Severity.REVIEW,
    cause="Not measured: no available data set has a text that was dictated or swiped throughout.",
    for_worker=message(
        "Hardly any keys were recorded (%(units)s characters). Dictation and swiping do this on some phones."
    ),
)
def hardly_any_keys(facts: Facts, limits: Limits) -> Finding | None:
    """A long text on a touch screen came in whole words, and hardly any keys were pressed.

    Swiping, dictation and predictions do insert words without keys, but a person corrects and punctuates. Phones differ
    in whether they report a key for a swiped word; hence never more than review.
    """
    units = sum(max(0, piece.units) for piece in facts.keyless)
    pressed = sum(type(press) is Down for press in facts.rhythm.presses)
    if not facts.touch or facts.integrity.missing or pressed * limits.no_key_units_per_press > units:
        return None
    if facts.untrusted_keys:
        return None
    if units < limits.no_key_units or units < limits.no_key_share * facts.length:
        return None
    return Finding(
        rule="hardly_any_keys",
        family=Family.MECHANICS,
        severity=Severity.REVIEW,
        explanation=(
            f"On some phones dictated and swiped words come without keys. Here {count(units, 'character')} came in "
            f"{count(len(facts.keyless), 'piece')}, with {count(pressed, 'key press', 'key presses')} in all. People "
            "correct and punctuate more often."
        ),
        figures={"units": units, "pieces": len(facts.keyless)},
    )


@rule(
    "Phrases composed without keys",
    Family.PROVENANCE,
    Severity.REVIEW,
    cause="Not measured: the operating system's voice typing causes it.",
    for_worker=message(
        "Several words at a time came without keys being pressed (%(units)s characters). Voice typing does this."
    ),
)
def composed_phrases(facts: Facts, limits: Limits) -> Finding | None:
    """On a desktop, compositions that no key, or too few, composed added several words at once, or an unaccented text.

    The system's voice typing does this, and so do tools that insert text as a composition. Input methods compose other
    scripts and accents, some of them without keys that the page sees; plain ASCII needs no composition on a desktop.
    """
    plain = facts.text.isascii() and facts.units_of(Origin.IME) >= limits.untyped_high_share * facts.length
    least = 1 if plain else limits.composed_words
    phrases = [piece for piece in facts.keyless if piece.composed and piece.words >= least]
    units = sum(max(0, piece.units) for piece in phrases)
    if facts.touch or units < limits.keyless_units:
        return None
    return Finding(
        rule="composed_phrases",
        family=Family.PROVENANCE,
        severity=Severity.REVIEW,
        explanation=(
            "The operating system's voice typing does this, and so do input methods whose keys the page does not see. "
            f"{count(units, 'character')} came as compositions of words without the keys to compose them; most input "
            "methods compose a word at a time, from keys."
        ),
        times_ms=tuple(piece.at_ms for piece in phrases),
        figures={"units": units, "pieces": len(phrases)},
    )


def _said_before(pieces: Sequence[Arrived], facts: Facts, limits: Limits) -> bool:
    """Return whether the words came in several utterances, each after as much time as saying it takes."""
    utterances: list[list[Arrived]] = []
    for piece in pieces:
        if utterances and piece.at_ms - utterances[-1][-1].at_ms <= _AT_ONCE_MS:
            utterances[-1].append(piece)
        else:
            utterances.append([piece])
    rate = units_per_ms(limits.dictation_wpm)
    said = 0
    for before, words in pairwise([[], *utterances]):
        units = sum(word.units for word in words)
        acted = last_before(words[0].at_ms, facts.focused_ms, facts.typed_ms)
        since = max(acted, before[-1].at_ms if before else 0)
        said += units if units <= min(limits.dictation_piece_units, rate * (words[0].at_ms - since)) else 0
    return len(utterances) >= _UTTERANCES and said >= SAID * sum(piece.units for piece in pieces)


def _evenness(pieces: Sequence[Arrived], limits: Limits) -> float | None:
    """Return the standard deviation of the logarithm of the time between phrases; None for words, too few phrases or a
    long beat.
    """
    lengths = sorted(piece.units for piece in pieces)
    phrases = len(lengths) - bisect_left(lengths, limits.keyless_phrase_units)
    gaps = [later.at_ms - earlier.at_ms for earlier, later in pairwise(pieces)]
    gaps = [gap for gap in gaps if gap > 0]
    if phrases <= len(pieces) // 2 or len(gaps) < max(2, limits.keyless_pieces - 1):
        return None
    if median(gaps) >= limits.keyless_beat_ms:
        return None
    return pstdev([log(gap) for gap in gaps])
