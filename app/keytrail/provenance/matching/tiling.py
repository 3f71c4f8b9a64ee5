"""Tile a text with passages of another: seeds of fixed length, extended as far as they match."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

_OCCURRENCES: Final = 8
"""Positions of a repeated seed that are tried; bounds the work on texts such as "aaaa"."""
_SPARSE: Final = 16
"""From this minimum length on only a grid of positions is seeded: a passage of `least` units always contains one of
them."""


class Run(NamedTuple):
    """`text[start:end]` equals the corpus from `at`."""

    start: int
    end: int
    at: int


class TiledText:
    """A text indexed for passages of at least `least` units. Time and memory are linear in the text."""

    __slots__ = ("_least", "_places", "_seed", "text")

    def __init__(self, text: str, least: int) -> None:
        least = max(1, least)
        step = least // 2 if least >= _SPARSE else 1
        self.text = text
        self._least = least
        self._seed = least - step + 1
        self._places = _index(text, self._seed, step)

    def runs(self, text: str) -> list[Run]:
        """Return passages of `text` that occur in the corpus, left to right, not overlapping, each as long as
        possible.
        """
        found: list[Run] = []
        seed, places_of = self._seed, self._places.get
        at, done, last = 0, 0, len(text) - self._seed
        while at <= last:
            places = places_of(text[at : at + seed])
            if places is not None:
                run = self._longest(text, at, done, places)
                if run.end - run.start >= self._least:
                    found.append(run)
                    at = done = run.end
                    continue
            at += 1
        return found

    def _longest(self, text: str, at: int, done: int, places: Sequence[int]) -> Run:
        best = Run(at, at, 0)
        for place in places:
            start, there = at, place
            while start > done and there and text[start - 1] == self.text[there - 1]:
                start -= 1
                there -= 1
            end = at + common(text, at, self.text, place)
            if end - start > best.end - best.start:
                best = Run(start, end, there)
        return best


def _index(text: str, seed: int, step: int) -> Mapping[str, Sequence[int]]:
    places: dict[str, list[int]] = {}
    for at in range(0, len(text) - seed + 1, step):
        known = places.setdefault(text[at : at + seed], [])
        if len(known) < _OCCURRENCES:
            known.append(at)
    return places


def common(left: str, left_at: int, right: str, right_at: int) -> int:
    """Return the length of the common stretch of two texts from two positions."""
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
