"""Distinguish spelling corrections from other replaced text."""

import re

from keytrail.provenance.limits import Limits

_NO_LETTERS = re.compile(r"[^\w\ud800-\udfff]+|_+")
"""A surrogate is half of a character, perhaps of a letter."""
_LONGEST = 40
_PHRASE_WORDS = 4
_PHRASE_LONGEST = 60
_PHRASE_SHARE = 0.4
"""Share of a phrase's letters that may differ: agreement ("peoples is", "people are"), not other words."""


def is_correction(old: str, new: str, limits: Limits) -> bool:
    """Return whether `new` is a spell-checker's correction of the word `old`.

    One word for one word (a space may come or go, "infact" to "in fact"): edit distance at most `assist_distance`, or
    the same stem. "a " becoming "a. " (two spaces on a phone) is one too.
    """
    if not old or not new or max(len(old), len(new)) > _LONGEST:
        return False
    if len(old.split()) + len(new.split()) > 3:  # noqa: PLR2004 - one word each, and one of them split
        return False
    if distance(old, new, limits.assist_distance) <= limits.assist_distance:
        return True
    shared = _shared_start(old.casefold(), new.casefold())
    return shared >= limits.assist_stem and 2 * shared > min(len(old), len(new))


def is_near_variant(old: str, new: str, limits: Limits) -> bool:
    """Return whether a word or short phrase is only a corrected form of what it replaces.

    Case, spacing and punctuation do not count. Otherwise it must be a spelling correction, or a phrase of at most four
    words whose letters differ to 40 % or less.
    """
    old, new = old.strip().casefold(), new.strip().casefold()
    if _letters(old) == _letters(new):
        return bool(old)
    if is_correction(old, new, limits):
        return True
    longest = max(len(old), len(new))
    if not old or not new or longest > _PHRASE_LONGEST or max(len(old.split()), len(new.split())) > _PHRASE_WORDS:
        return False
    most = int(_PHRASE_SHARE * longest)
    return most > 0 and distance(old, new, most) <= most


def _letters(text: str) -> str:
    return _NO_LETTERS.sub("", text)


def _shared_start(left: str, right: str) -> int:
    for at, (one, other) in enumerate(zip(left, right, strict=False)):
        if one != other:
            return at
    return min(len(left), len(right))


def distance(left: str, right: str, most: int) -> int:
    """Return the Levenshtein distance, or `most` + 1 if it is greater."""
    head = _shared_start(left, right)
    tail = _shared_start(left[head:][::-1], right[head:][::-1])
    left, right = left[head : len(left) - tail], right[head : len(right) - tail]
    if abs(len(left) - len(right)) > most:
        return most + 1
    row = list(range(len(right) + 1))
    for at, one in enumerate(left, 1):
        diagonal, row[0] = row[0], at
        for place, other in enumerate(right, 1):
            cost = min(row[place] + 1, row[place - 1] + 1, diagonal + (one != other))
            diagonal, row[place] = row[place], cost
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)
