"""Fingerprint a log's rhythm, to recognise the same log under another name.

No two people, and no person twice, produce the same 24 intervals between keys, in milliseconds: at about 7 bits each
they are some 160 bits. A log that is sent again has them all, whatever text, names or environment it claims. The
fingerprint is a bottom-k sketch (Broder 1997) of the hashes of all such runs, so that a shortened or extended log still
shares most of it. Changing every interval a little evades it.
"""

import hashlib
import struct
from collections.abc import Iterator, Sequence
from heapq import nsmallest
from itertools import pairwise
from typing import Final

from keytrail.provenance.log import EpochLog, WritingLog
from keytrail.provenance.wire.events import KeyDown, KeyFlag, Start

SIZE: Final = 16
_RUN: Final = 24
_VARIETY: Final = 12
"""Distinct intervals that a run must have: the even rhythm of a tool repeats by itself."""
_FINEST_TICK_MS: Final = 5
"""As for rules on hold times: on a coarser timer people's intervals repeat too."""
_MOST_MS: Final = 2**31 - 1
_LAYOUT: Final = struct.Struct(f">{_RUN}i")


def fingerprint(log: WritingLog) -> tuple[int, ...]:
    """Return at most `SIZE` signed numbers of 64 bits, sorted; none with too few keys or a coarse timer.

    Only page loads sent by a page to this server count: importing a file twice is not copying.
    """
    return tuple(nsmallest(SIZE, {number for epoch in log.epochs if epoch.live for number in _runs(epoch)}))


def _runs(epoch: EpochLog) -> Iterator[int]:
    if not _fine(epoch):
        return
    times: list[int] = []
    now = 0
    for event in epoch.events:
        now += max(0, event.dt)
        if type(event) is KeyDown and not event.flags & (KeyFlag.REPEAT | KeyFlag.UNTRUSTED):
            times.append(now)
    intervals = [min(later - earlier, _MOST_MS) for earlier, later in pairwise(times)]
    for start in range(len(intervals) - _RUN + 1):
        run = intervals[start : start + _RUN]
        if len(set(run)) >= _VARIETY:
            yield _hash(run)


def _fine(epoch: EpochLog) -> bool:
    tick = next((event.environment.get("tick") for event in epoch.events if type(event) is Start), None)
    return isinstance(tick, int | float) and 0 < tick <= _FINEST_TICK_MS


def _hash(run: Sequence[int]) -> int:
    return int.from_bytes(hashlib.blake2b(_LAYOUT.pack(*run), digest_size=8).digest(), signed=True)
