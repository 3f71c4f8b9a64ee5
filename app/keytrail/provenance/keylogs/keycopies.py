"""Read copies from a key log, which has their text but not their position nor, in 2023, their time."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from keytrail.provenance.keylogs.keystream import KeyStream
from keytrail.provenance.keylogs.logged import KeyLog, LoggedCopy
from keytrail.provenance.matching.tiling import TiledText
from keytrail.provenance.rules.facts import Absence, Clip
from keytrail.provenance.units import line_ends, to_units

_RUN: Final = 12
_FOREIGN: Final = 60
"""Text of this length in a copy that is neither the item's nor the writer's is the page's: the instructions. In the
Prolific logs copies of edited own text leave at most 21 units over, copies of instructions 70 to 414 [D]."""
_BETWEEN = "\2"


def read_copies(log: KeyLog, stream: KeyStream, pasted: str, start_ms: int) -> list[Clip]:
    """Return every copy, at its own time or that of the entry before it; without either it is not `timed`."""
    item = _plain(log.item_text)
    own = _BETWEEN.join(
        (item, _plain(log.final_text), _plain(pasted), _plain(stream.text), _plain(stream.remaining_text))
    )
    known = TiledText(own, _RUN) if any(isinstance(entry, LoggedCopy) for entry in log.items) else None
    found: list[Clip] = []
    now = log.start_ms
    for entry in log.items:
        now = now if entry.at_ms is None else entry.at_ms
        if known is not None and isinstance(entry, LoggedCopy):
            clip = _clip(_plain(entry.text), item, known, 0 if now is None else max(0, now - start_ms))
            found.append(replace(clip, timed=now is not None))
    return found


def _plain(text: str) -> str:
    return " ".join(to_units(line_ends(text)).split())


def _clip(text: str, item: str, known: TiledText, at_ms: int) -> Clip:
    foreign = len(text) - sum(run.end - run.start for run in known.runs(text))
    taken = sum(run.end - run.start for run in TiledText(text, _RUN).runs(item))
    from_item = "source" if 2 * taken > len(text) or text in item else "answer"
    where = "instructions" if foreign >= _FOREIGN else from_item
    return Clip(at_ms, "copy", where, len(text), item_share=taken / max(1, len(item)) if where != "answer" else 0.0)


def idle_after(copies: Sequence[Clip], log: KeyLog, start_ms: int) -> list[Absence]:
    """Return the time from each copy to the next key or paste: such a log does not record whether the page was left."""
    times = sorted(max(0, entry.at_ms - start_ms) for entry in log.items if entry.at_ms is not None)
    found = []
    for copy in copies:
        following = bisect_right(times, copy.at_ms)
        if following < len(times):
            found.append(Absence(copy.at_ms, times[following]))
    return found
