"""Compare a text with its revision, word by word: what is unchanged, corrected or new."""

import re
from collections.abc import Callable, Iterator, Sequence
from enum import Enum
from itertools import pairwise
from typing import Final, NamedTuple

from keytrail.provenance.limits import Limits
from keytrail.provenance.matching.diff import rising
from keytrail.provenance.matching.spelling import is_near_variant
from keytrail.provenance.matching.tiling import Run

# Scripts without blanks between words are compared by character.
_TOKEN: Final = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
    r"|[^\W\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+(?:['\u2019]\w+)*"
    r"|\s+|[^\w\s]"
)
_GAP: Final = 2_500
"""Maximum cells of one table: 50 words by 50 between two words that match for certain."""
_CELL: Final = 5
"""Cost of a cell in units of the budget."""
_ADDED_LETTERS: Final = 5
"""A word this short ("the", "to", "have"), added between unchanged words, is a correction of grammar."""


class Kind(Enum):
    """What happened to a stretch."""

    SAME = "same"
    NEAR = "near"
    OTHER = "other"


class Part(NamedTuple):
    """`new[new_start:new_end]` replaces `old[old_start:old_end]`."""

    old_start: int
    old_end: int
    new_start: int
    new_end: int
    kind: Kind


def tokens(text: str) -> list[str]:
    """Split into words, runs of white space and single marks; joined they are the text."""
    return _TOKEN.findall(text)


def revise(old: str, new: str, limits: Limits, spend: Callable[[int], bool]) -> list[Part]:
    """Return the parts of `new` in order, each beside the part of `old` that it replaces.

    Linear in the texts except for tables of at most 2,500 cells between words that occur once in both. Each table is
    paid by `spend`; without it the stretch counts as other words.
    """
    before, after = tokens(old), tokens(new)
    pairs = _pairs([token.casefold() for token in before], [token.casefold() for token in after], spend)
    old_at, new_at = _starts(before), _starts(after)
    exact = [(one, two) for one, two in pairs if before[one] == after[two]]
    parts: list[Part] = []
    edges = [(-1, -1), *exact, (len(before), len(after))]
    for (one, two), (next_one, next_two) in pairwise(edges):
        if two >= 0:
            parts.append(Part(old_at[one], old_at[one + 1], new_at[two], new_at[two + 1], Kind.SAME))
        if next_one > one + 1 or next_two > two + 1:
            parts.append(Part(old_at[one + 1], old_at[next_one], new_at[two + 1], new_at[next_two], Kind.OTHER))
    return list(_judged(_phrases(_joined(parts), old, new, limits), old, new, limits))


def _starts(words: Sequence[str]) -> list[int]:
    places = [0]
    for word in words:
        places.append(places[-1] + len(word))
    return places


def _joined(parts: Sequence[Part]) -> list[Part]:
    """Merge neighbouring unchanged parts."""
    joined: list[Part] = []
    for part in parts:
        if joined and joined[-1].kind is part.kind is Kind.SAME:
            joined[-1] = joined[-1]._replace(old_end=part.old_end, new_end=part.new_end)
        else:
            joined.append(part)
    return joined


def _phrases(parts: Sequence[Part], old: str, new: str, limits: Limits) -> Iterator[Part]:
    """Add blanks and marks between changed words to the change, unless each word by itself is a near variant."""
    waiting: list[Part] = []
    for part in parts:
        waiting.append(part)
        if part.kind is Kind.SAME and any(map(str.isalnum, new[part.new_start : part.new_end])):
            yield from _merged(waiting[:-1], old, new, limits)
            yield part
            waiting = []
    yield from _merged(waiting, old, new, limits)


def _merged(parts: list[Part], old: str, new: str, limits: Limits) -> Iterator[Part]:
    changed = [at for at, part in enumerate(parts) if part.kind is Kind.OTHER]
    if len(changed) < 2 or all(_near(parts[at], old, new, limits) for at in changed):  # noqa: PLR2004 - nothing between
        yield from parts
        return
    first, last = changed[0], changed[-1]
    yield from parts[:first]
    yield Part(parts[first].old_start, parts[last].old_end, parts[first].new_start, parts[last].new_end, Kind.OTHER)
    yield from parts[last + 1 :]


def _judged(parts: Iterator[Part], old: str, new: str, limits: Limits) -> Iterator[Part]:
    whole = list(parts)
    for at, part in enumerate(whole):
        between = 0 < at < len(whole) - 1 and whole[at - 1].kind is whole[at + 1].kind is Kind.SAME
        near = part.kind is Kind.OTHER and (
            _near(part, old, new, limits) or (between and _added(old[part.old_start : part.old_end], new, part))
        )
        yield part._replace(kind=Kind.NEAR) if near else part


def _near(part: Part, old: str, new: str, limits: Limits) -> bool:
    gone, came = old[part.old_start : part.old_end], new[part.new_start : part.new_end]
    return not any(map(str.isalnum, came)) or is_near_variant(gone, came, limits)


def _added(gone: str, new: str, part: Part) -> bool:
    word = new[part.new_start : part.new_end].strip()
    return not gone.strip() and len(word) <= _ADDED_LETTERS and len(word.split()) == 1


def _pairs(before: Sequence[str], after: Sequence[str], spend: Callable[[int], bool]) -> list[tuple[int, int]]:
    """Return positions of equal tokens, rising in both: the common ends, tokens that occur once, then tables between
    them.
    """
    head = 0
    while head < min(len(before), len(after)) and before[head] == after[head]:
        head += 1
    tail = 0
    while tail < min(len(before), len(after)) - head and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    found = [(at, at) for at in range(head)]
    ends = [(len(before) - at, len(after) - at) for at in range(tail, 0, -1)]
    once = _once(before, head, len(before) - tail)
    runs = [
        Run(two, two + 1, once[token]) for token, two in _once(after, head, len(after) - tail).items() if token in once
    ]
    sure = [(run.at, run.start) for run in rising(sorted(runs))]
    for (one, two), (next_one, next_two) in pairwise(
        [(head - 1, head - 1), *sure, (len(before) - tail, len(after) - tail)]
    ):
        if two >= head:
            found.append((one, two))
        found += _table(before, (one + 1, next_one), after, (two + 1, next_two), spend)
    return [*found, *ends]


def _once(words: Sequence[str], start: int, stop: int) -> dict[str, int]:
    places: dict[str, int] = {}
    repeated: set[str] = set()
    for at in range(start, stop):
        if words[at] in places:
            repeated.add(words[at])
        places[words[at]] = at
    return {word: at for word, at in places.items() if word not in repeated and not word.isspace()}


def _table(
    before: Sequence[str],
    here: tuple[int, int],
    after: Sequence[str],
    there: tuple[int, int],
    spend: Callable[[int], bool],
) -> list[tuple[int, int]]:
    """Return the heaviest common series of two short stretches; a word weighs its letters, a blank hardly anything."""
    rows, columns = here[1] - here[0], there[1] - there[0]
    if rows <= 0 or columns <= 0 or rows * columns > _GAP or not spend(_CELL * rows * columns):
        return []
    best = [[0] * (columns + 1) for _ in range(rows + 1)]
    for row in range(rows - 1, -1, -1):
        word = before[here[0] + row]
        weight = 10 * len(word) if word.isalnum() else 1
        current, below = best[row], best[row + 1]
        for column in range(columns - 1, -1, -1):
            score = max(below[column], current[column + 1])
            if word == after[there[0] + column]:
                score = max(score, below[column + 1] + weight)
            current[column] = score
    return list(_walk(best, here[0], there[0]))


def _walk(best: Sequence[Sequence[int]], one: int, two: int) -> Iterator[tuple[int, int]]:
    row = column = 0
    while row < len(best) - 1 and column < len(best[0]) - 1:
        if best[row][column] == best[row + 1][column]:
            row += 1
        elif best[row][column] == best[row][column + 1]:
            column += 1
        else:
            yield one + row, two + column
            row, column = row + 1, column + 1
