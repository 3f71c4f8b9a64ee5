"""Tells a spelling correction from other replaced text."""

from keytrail.provenance.limits import Limits

_LONGEST = 40


def is_correction(old: str, new: str, limits: Limits) -> bool:
    """Whether `new` is what a spell-checker makes of the word `old`.

    One word for one word (a space may come or go, "infact" to "in fact"): edit distance at most
    `assist_distance`, or the same stem. "a " becoming "a. " (two spaces on a phone) is one too.
    """
    if not old or not new or max(len(old), len(new)) > _LONGEST:
        return False
    if len(old.split()) + len(new.split()) > 3:  # noqa: PLR2004 - one word each, and one of them split
        return False
    if distance(old, new, limits.assist_distance) <= limits.assist_distance:
        return True
    shared = _shared_start(old.casefold(), new.casefold())
    return shared >= limits.assist_stem and 2 * shared > min(len(old), len(new))


def _shared_start(left: str, right: str) -> int:
    for at, (one, other) in enumerate(zip(left, right, strict=False)):
        if one != other:
            return at
    return min(len(left), len(right))


def distance(left: str, right: str, most: int) -> int:
    """Levenshtein distance, or `most` + 1 if it is greater."""
    head = _shared_start(left, right)
    tail = _shared_start(left[head:][::-1], right[head:][::-1])
    left, right = left[head : len(left) - tail], right[head : len(right) - tail]
    if abs(len(left) - len(right)) > most or max(len(left), len(right)) > 3 * most:
        return most + 1
    row = list(range(len(right) + 1))
    for at, one in enumerate(left, 1):
        diagonal, row[0] = row[0], at
        for place, other in enumerate(right, 1):
            cost = min(row[place] + 1, row[place - 1] + 1, diagonal + (one != other))
            diagonal, row[place] = row[place], cost
        if min(row) > most:
            return most + 1
    return row[-1]
