"""The item beside the answer, with the passages that the answer took from it marked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from keytrail.provenance import Origin, from_units, to_units
from keytrail.provenance.matching.tiling import TiledText
from keytrail.requester.submission.evidence import ShownRun

# Shorter passages of an answer occur in an item by chance.
_LEAST = 12


@dataclass(frozen=True)
class ItemPiece:
    """A stretch of the item; `mark` is the number of the run in the answer that took it, 0 if none did."""

    text: str
    mark: int


def item_pieces(item: str, runs: Sequence[ShownRun]) -> list[ItemPiece]:
    """Return the whole item in order. A passage that was taken twice has the first mark."""
    units = to_units(item)
    taken = [0] * len(units)
    copied = [run for run in runs if run.look == Origin.SOURCE]
    if copied:
        corpus = TiledText(units, _LEAST)
        for run in copied:
            for found in corpus.runs(to_units(run.text)):
                size = found.end - found.start
                taken[found.at : found.at + size] = [mark or run.mark for mark in taken[found.at : found.at + size]]
    return list(_pieces(units, taken))


def _pieces(units: str, taken: Sequence[int]) -> Iterator[ItemPiece]:
    start = 0
    for at in range(1, len(units) + 1):
        if at == len(units) or taken[at] != taken[start]:
            yield ItemPiece(from_units(units[start:at]), taken[start])
            start = at
