"""Diff two versions of a text in linear time."""

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from keytrail.provenance.matching.tiling import Run, TiledText, common

_SEED = 8
"""Shortest stretch that counts as the same text when it is not at the start or the end."""


class Block(NamedTuple):
    """`new[new_at : new_at + size]` is `old[old_at : old_at + size]`."""

    new_at: int
    old_at: int
    size: int


def align(old: str, new: str) -> list[Block]:
    """Return stretches of `new` that come from `old`, in the order of both: the common start, end, and runs between."""
    head = common(old, 0, new, 0)
    tail = common(old[head:][::-1], 0, new[head:][::-1], 0)
    blocks = [Block(0, 0, head)]
    inner = new[head : len(new) - tail]
    if len(inner) >= _SEED:
        runs = TiledText(old[head : len(old) - tail], _SEED).runs(inner)
        blocks += [Block(head + run.start, head + run.at, run.end - run.start) for run in rising(runs)]
    blocks.append(Block(len(new) - tail, len(old) - tail, tail))
    return [block for block in blocks if block.size]


def rising(runs: Sequence[Run]) -> list[Run]:
    """Return the longest series of runs with rising positions that do not overlap (patience sorting)."""
    tops: list[int] = []
    chosen: list[int] = []
    before: list[int] = []
    for number, run in enumerate(runs):
        pile = bisect_left(tops, run.at)
        before.append(chosen[pile - 1] if pile else -1)
        tops[pile : pile + 1] = [run.at]
        chosen[pile : pile + 1] = [number]
    series = []
    at = chosen[-1] if chosen else -1
    end = None
    while at >= 0:
        run = runs[at]
        size = run.end - run.start if end is None else min(run.end - run.start, end - run.at)
        series.append(Run(run.start, run.start + size, run.at))
        end, at = run.at, before[at]
    return series[::-1]
