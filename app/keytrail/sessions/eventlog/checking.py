"""Check the chain of an epoch."""

import struct
from collections.abc import Iterator, Sequence

from keytrail.db import to_millis
from keytrail.models import Epoch
from keytrail.sessions.eventlog.batch import Batch
from keytrail.sessions.eventlog.chain import Chain
from keytrail.sessions.eventlog.reading import StoredBatch


def misfits(epoch: Epoch, batches: Sequence[StoredBatch], chain: Chain) -> Iterator[str]:
    """Return one sentence for each sign that the epoch's log was changed; nothing if it is intact.

    After a mismatch it continues with the stored link, so that one changed batch does not invalidate those after it.
    """
    name = f"page load {epoch.number}"
    before: bytes | None = b""
    place = 0
    for batch in sorted(batches, key=lambda batch: batch.stamp.place):
        at, link = batch.stamp.place, batch.stamp.link
        what = f"{name}, batch {at} (events {batch.first_seq} to {batch.first_seq + batch.count - 1})"
        if at < place:
            yield f"{what}: there are two batches in this place."
            continue
        if at > place:
            yield f"{name}: {_batches(place, at)} missing."
            before = None
        if not link:
            yield f"{what}: has no link; it was stored before the chain of evidence was kept."
        elif before is not None and not _fits(epoch, batch, before, chain):
            yield f"{what}: is not as it was stored, or not where it was stored."
        before, place = link, at + 1
    if place < epoch.batches:
        yield f"{name}: {_batches(place, epoch.batches)} missing at the end."
    elif place > epoch.batches or (before is not None and before != epoch.last_link):
        yield f"{name}: the log does not end where it ended when it was stored."
    if _contiguous(batches) != epoch.next_seq:
        yield f"{name}: the number of its events is not the one that was stored."


def link_of(epoch: Epoch, stored: StoredBatch, before: bytes, chain: Chain) -> bytes:
    """Return the link that a stored batch should have after the previous link."""
    stamp = stored.stamp
    batch = Batch(stored.first_seq, stored.count, stored.body, stamp.perf_ms, stamp.wall_ms)
    received_ms = to_millis(epoch.opened_at) + stamp.arrival_ms
    return chain.link(before, (epoch.session_id, epoch.number, stamp.place), batch, received_ms)


def _fits(epoch: Epoch, stored: StoredBatch, before: bytes, chain: Chain) -> bool:
    try:
        return stored.stamp.link == link_of(epoch, stored, before, chain)
    except (struct.error, OverflowError):  # a changed stamp may contain numbers of any size
        return False


def _batches(first: int, end: int) -> str:
    return f"batch {first} is" if end == first + 1 else f"batches {first} to {end - 1} are"


def _contiguous(batches: Sequence[StoredBatch]) -> int:
    reached = 0
    for batch in sorted(batches, key=lambda batch: batch.first_seq):
        if batch.first_seq > reached:
            break
        reached = max(reached, batch.first_seq + batch.count)
    return reached
