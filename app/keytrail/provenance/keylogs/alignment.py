"""Attribute a final text by alignment with what was typed and pasted, where edits cannot be replayed.

Long stretches come first: passages of at least `PASTED` units of a paste, or `ANCHOR` of the typed keys, the longest
winning where both fit. Every key explains at most one unit. A typed stretch counts if it is long or continues its
neighbour in the order of typing. If such stretches and pastes explain less than `EXPLAINED` of the text, the others are
dropped, because the log is not this text's. Only then are small gaps between them closed: with unused keys of the same
moment, with a corrected word, with single unused keys. The rest is not explained.

The control [D]: 69 logs of at least 400 keys, each compared with texts by others on the same item (226,195 units),
explain 6 % of them this way; accepting every match of 3 units would explain 76 %.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Final

from keytrail.provenance.limits import Limits
from keytrail.provenance.matching.spelling import is_correction
from keytrail.provenance.matching.tiling import Run, TiledText
from keytrail.provenance.units import folded

PASTED: Final = 8
ANCHOR: Final = 8
SHORT: Final = 3
LONG: Final = 24
"""Typed stretches of this length count without a neighbour."""
NEIGHBOUR_UNITS: Final = 60
NEIGHBOUR_KEYS: Final = 100
EXPLAINED: Final = 0.7
GAP: Final = 48
"""Longest gap that short stretches may close."""
MOMENT: Final = 96
"""Number of keys around a gap that are searched for its text."""
_SPARE: Final = 2
_TAKEN = "\0"

Explained = int | None


class Alignment:
    """`paste[i]` is the position of unit i in the pasted text, `key[i]` the number of its key, `corrected[i]`
    neither.
    """

    def __init__(self, final: str, typed: Sequence[str], remaining: Sequence[int], pasted: str) -> None:
        self._final = folded(final)
        self._typed = [folded(char) for char in typed]
        self._stream = [*remaining, -1, *range(len(typed))]
        self.paste: list[Explained] = [None] * len(final)
        self.key: list[Explained] = [None] * len(final)
        self.corrected = [False] * len(final)
        self._used = [False] * len(typed)
        if not pasted and self._final == "".join(self._typed[number] for number in remaining):
            self.key = list(remaining)
            return
        self._place_long(folded(pasted))
        if self._supported():
            self._close_gaps()

    def _free(self, at: int) -> bool:
        return self.paste[at] is None and self.key[at] is None and not self.corrected[at]

    def _open_text(self, start: int, stop: int) -> str:
        """Return the final text with explained units masked, so that they match nothing."""
        return "".join(self._final[at] if self._free(at) else "\1" for at in range(start, stop))

    def _unused_text(self) -> str:
        return "".join(_TAKEN if number < 0 or self._used[number] else self._typed[number] for number in self._stream)

    def _gaps(self, most: int) -> list[tuple[int, int]]:
        """Return stretches of the final text that are not explained yet, up to a length."""
        edges = [at for at in range(1, len(self._final)) if self._free(at) != self._free(at - 1)]
        pieces = pairwise([0, *edges, len(self._final)])
        return [(start, stop) for start, stop in pieces if 0 < stop - start <= most and self._free(start)]

    def _place_long(self, pasted: str) -> None:
        typed = [(run, False) for run in TiledText(self._unused_text(), ANCHOR).runs(self._final)]
        runs = [(run, True) for run in TiledText(pasted, PASTED).runs(self._final)] + typed
        for run, is_paste in sorted(runs, key=lambda found: found[0].start - found[0].end):
            if is_paste:
                self._place_paste(run)
            else:
                self._place_typed(run, ANCHOR)
        for run in TiledText(self._unused_text(), ANCHOR).runs(self._open_text(0, len(self._final))):
            self._place_typed(run, ANCHOR)

    def _place_paste(self, run: Run) -> None:
        for start, stop in self._pieces(run, self._free):
            if stop - start >= PASTED:
                for at in range(start, stop):
                    self.paste[at] = run.at + at - run.start

    def _place_typed(self, run: Run, least: int) -> None:
        def available(at: int) -> bool:
            number = self._stream[run.at + at - run.start]
            return self._free(at) and not self._used[number]

        for start, stop in self._pieces(run, available):
            if stop - start >= least:
                for at in range(start, stop):
                    self._take(at, self._stream[run.at + at - run.start])

    def _take(self, at: int, number: int) -> None:
        self.key[at] = number
        self._used[number] = True

    @staticmethod
    def _pieces(run: Run, fits: Callable[[int], bool]) -> Iterator[tuple[int, int]]:
        start = None
        for at in range(run.start, run.end + 1):
            if at < run.end and fits(at):
                start = at if start is None else start
            elif start is not None:
                yield start, at
                start = None

    def _supported(self) -> bool:
        """Return whether the log explains this text at all; if not, typed stretches are dropped."""
        stretches = self._stretches()
        kept = {at for start, stop in stretches if stop - start >= LONG for at in (start,)}
        pairs = list(pairwise(stretches))
        for one, two in [*pairs, *reversed(pairs), *pairs]:
            if self._continues(one, two) and (one[0] in kept or two[0] in kept):
                kept |= {one[0], two[0]}
        units = sum(stop - start for start, stop in stretches if start in kept)
        units += sum(place is not None for place in self.paste)
        if units >= EXPLAINED * len(self._final):
            return True
        for start, stop in stretches:
            if start not in kept:
                for at in range(start, stop):
                    self._used[self.key[at] or 0] = False
                    self.key[at] = None
        return False

    def _stretches(self) -> list[tuple[int, int]]:
        """Return units explained by keys in the order of typing, with hardly any keys between."""
        found: list[tuple[int, int]] = []
        before: Explained = None
        for at, number in enumerate(self.key):
            if number is not None:
                if found and before is not None and 0 < number - before <= ANCHOR:
                    found[-1] = (found[-1][0], at + 1)
                else:
                    found.append((at, at + 1))
            before = number
        return found

    def _continues(self, one: tuple[int, int], two: tuple[int, int]) -> bool:
        last, first = self.key[one[1] - 1], self.key[two[0]]
        if last is None or first is None or two[0] - one[1] > NEIGHBOUR_UNITS:
            return False
        return -NEIGHBOUR_KEYS // 5 <= first - last <= NEIGHBOUR_KEYS

    def _close_gaps(self) -> None:
        corpus = TiledText(self._unused_text(), SHORT)
        for start, stop in self._gaps(GAP):
            for run in sorted(corpus.runs(self._final[start:stop]), key=lambda found: found.start - found.end):
                self._place_typed(Run(run.start + start, run.end + start, run.at), SHORT)
        for start, stop in self._gaps(GAP // 2):
            self._close_by_moment(start, stop)
        for start, stop in self._gaps(GAP // 2):
            self._close_by_correction(start, stop)
        self._close_by_spare_keys()

    def _moment(self, start: int, stop: int) -> range:
        """Return the numbers of the keys typed around a gap; empty if nothing next to it was typed."""
        left = self.key[start - 1] if start else -1
        right = self.key[stop] if stop < len(self.key) else len(self._typed)
        if left is None and right is None:
            return range(0)
        left = max(-1, right - MOMENT) if left is None and right is not None else left
        right = min(len(self._typed), left + MOMENT) if right is None and left is not None else right
        if left is None or right is None or not 0 < right - left <= MOMENT:
            return range(0)
        return range(left + 1, right)

    def _close_by_moment(self, start: int, stop: int) -> None:
        """Close a gap whose units are all among the unused keys between its neighbours' keys, in order."""
        numbers = iter(self._moment(start, stop))
        taken = []
        for at in range(start, stop):
            number = next((n for n in numbers if not self._used[n] and self._typed[n] == self._final[at]), None)
            if number is None:
                return
            taken.append(number)
        for at, number in zip(range(start, stop), taken, strict=True):
            self._take(at, number)

    def _close_by_correction(self, start: int, stop: int) -> None:
        """Close a gap in a word that was typed differently: the differing letters are a correction."""
        while start and not self._final[start - 1].isspace() and self.key[start - 1] is not None:
            start -= 1
        while stop < len(self._final) and not self._final[stop].isspace() and self.key[stop] is not None:
            stop += 1
        numbers = [number for number in self.key[start:stop] if number is not None]
        around = self._moment(start, stop)
        first = min([*numbers, around.start] if around else numbers, default=0)
        last = max([*numbers, around.stop - 1] if around else numbers, default=-1)
        typed = "".join(self._typed[first : last + 1])
        word = self._final[start:stop]
        if last - first < MOMENT and any(
            is_correction(one, word.strip(), Limits()) for one in [typed.strip(), *typed.split()]
        ):
            for at in range(start, stop):
                self.corrected[at] = self._free(at)

    def _close_by_spare_keys(self) -> None:
        """Close a gap of one or two units, or of marks and white space, with any unused keys."""
        spare: dict[str, list[int]] = {}
        for number in range(len(self._typed) - 1, -1, -1):
            if not self._used[number]:
                spare.setdefault(self._typed[number], []).append(number)
        for start, stop in self._gaps(GAP):
            if stop - start <= _SPARE or not any(char.isalnum() for char in self._final[start:stop]):
                for at in range(start, stop):
                    if spare.get(self._final[at]):
                        self._take(at, spare[self._final[at]].pop())
