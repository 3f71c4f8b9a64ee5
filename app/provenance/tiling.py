"""Finds passages of one text in another: seeds of fixed length, extended as far as they go."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

_OCCURRENCES = 8
"""Places of a repeated seed that are tried; bounds the work on texts such as "aaaa"."""


class Run(NamedTuple):
    """`text[start:end]` equals the corpus from `at`."""

    start: int
    end: int
    at: int


class Corpus:
    """A text prepared for looking up passages of at least `seed` units. Time and memory are linear in the text."""

    __slots__ = ("_places", "seed", "text")

    def __init__(self, text: str, seed: int) -> None:
        self.text = text
        self.seed = seed
        self._places = _index(text, seed)

    def runs(self, text: str) -> list[Run]:
        """Passages of `text` that stand in the corpus, left to right, not overlapping, each as long as it goes."""
        found = []
        at, last = 0, len(text) - self.seed
        while at <= last:
            places = self._places.get(text[at : at + self.seed])
            if places is None:
                at += 1
                continue
            size, place = max((common(text, at, self.text, place), -place) for place in places)
            found.append(Run(at, at + size, -place))
            at += size
        return found


def _index(text: str, seed: int) -> Mapping[str, Sequence[int]]:
    places: dict[str, list[int]] = {}
    for at in range(len(text) - seed + 1):
        known = places.setdefault(text[at : at + seed], [])
        if len(known) < _OCCURRENCES:
            known.append(at)
    return places


def common(left: str, left_at: int, right: str, right_at: int) -> int:
    """Length of the common stretch of two texts from two positions."""
    limit = min(len(left) - left_at, len(right) - right_at)
    size, step = 0, 16
    while size < limit:
        step = min(step, limit - size)
        here, there = left_at + size, right_at + size
        if left[here : here + step] == right[there : there + step]:
            size += step
            step *= 2
        elif step == 1:
            return size
        else:
            step //= 2
    return size
