"""Locate missing events, and estimate how much text came in a gap."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from keytrail.provenance.log import EpochLog, Gap
from keytrail.provenance.wire.events import Checkpoint, Edit, End, Event


class Segment(NamedTuple):
    """Consecutive events `start` to `stop` of an epoch, and the gap before them if there is one."""

    gap: Gap | None
    start: int
    stop: int


def segments(epoch: EpochLog) -> Iterator[Segment]:
    """Return the stretches of an epoch between its gaps; a gap at the end gives an empty last stretch."""
    total = len(epoch.events)
    start = missing = 0
    before: Gap | None = None
    for gap in sorted(epoch.gaps, key=lambda gap: gap.first_seq):
        at = min(max(start, gap.first_seq - missing), total)
        if at or before:
            yield Segment(before, start, at)
        start, before = at, gap
        missing += max(0, gap.last_seq - gap.first_seq + 1)
    yield Segment(before, start, total)


class Loss(NamedTuple):
    """Text that appeared (`units` > 0) or vanished (< 0) in a gap, and its position according to the next edit."""

    units: int
    caret: int | None


def loss(events: Sequence[Event], segment: Segment, length: int, final_length: int | None) -> Loss:
    """Compare the text's length before a gap with the next known length after it.

    `final_length` is the length at the end if the segment is the last of the session. Without any known length nothing
    is assumed. The caret of the first edit after the gap is the best guess for the position of the lost text.
    """
    change = 0
    caret = None
    for event in events[segment.start : segment.stop]:
        if type(event) is Edit:
            if caret is None:
                caret = event.pos + event.deleted
            change += len(event.inserted) - event.deleted
        elif type(event) is Checkpoint or type(event) is End:
            return Loss(event.length - change - length, caret)
    return Loss(0 if final_length is None else final_length - change - length, caret)
