"""Convert stored event logs for the provenance core."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import accumulate, pairwise
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from keytrail.models import Epoch
from keytrail.provenance import EpochLog, Event, Gap, Limits, decode_all
from keytrail.provenance.rules.integrity import CUT
from keytrail.provenance.wire.events import Edit
from keytrail.sessions.eventlog import StoredBatch, batches_of, events_of

USUAL_EVENTS: Final = 30_000
USUAL_CHARACTERS: Final = 100_000
"""More than the longest honest sessions have (docs/configuration.md); costs at most about a second, usually 0.1 s."""

# The page's clocks may drift apart a little (time server, sleep); a larger difference between two batches is reported.
_CLOCK_JUMP_MS = 5000
# The longest time between two events of a page load; the analysis ignores longer ones too.
_LONGEST_GAP_MS = Limits().clock_jump_ms
# A page can still be written in while the next one loads.
_RELOAD_MS = 5000
_EVENT_BYTES = 40


class LogTooLong(Exception):
    """The log is larger than its quota."""


@dataclass
class LogQuota:
    """How many events and inserted characters may still be read."""

    events: int
    characters: int

    def check(self, db: Session, session_id: int) -> None:
        """Raise LogTooLong if the stored counts alone exceed the quota, before anything is read."""
        sums = (func.sum(Epoch.events), func.sum(Epoch.characters), func.sum(Epoch.stored_bytes))
        events, characters, size = db.execute(select(*sums).where(Epoch.session_id == session_id)).one()
        # A keystroke takes about four bytes; with so many more, the bodies contain the text.
        most = (self.events, self.characters, self.events * _EVENT_BYTES)
        if any((found or 0) > bound for found, bound in zip((events, characters, size), most, strict=True)):
            raise LogTooLong

    def count(self, events: Sequence[Event]) -> None:
        """Count events that were read. Raises LogTooLong if there are more than the quota allows."""
        self.events -= len(events)
        self.characters -= sum(len(event.inserted) for event in events if type(event) is Edit)
        if self.events < 0 or self.characters < 0:
            raise LogTooLong


def epoch_logs(db: Session, session_id: int, quota: LogQuota | None = None) -> list[EpochLog]:
    """Return all page loads of a session in order, with what is missing or odd about each.

    Raises LogTooLong as soon as more was read than the quota allows.
    """
    if quota is not None:
        quota.check(db, session_id)
    epochs = list(batches_of(db, session_id))
    started = epochs[0][0].opened_at if epochs else None
    # Imported page loads all have the time of their submission: then only their order is known.
    timed = any(epoch.opened_at != started for epoch, _ in epochs)
    logs = [
        _epoch_log(epoch, batches, _milliseconds(epoch.opened_at - started) if started and timed else None, quota)
        for epoch, batches in epochs
    ]
    return [*map(_marked, logs, logs[1:]), *logs[-1:]]


def _marked(log: EpochLog, following: EpochLog) -> EpochLog:
    """Return the log of a page load, marked if its text was still being written long after the next page load began."""
    if log.starts_ms is None or following.starts_ms is None:
        return log
    last_edit_ms = max(
        (at for at, event in zip(_times(log), log.events, strict=True) if type(event) is Edit), default=0
    )
    if log.starts_ms + last_edit_ms <= following.starts_ms + _RELOAD_MS:
        return log
    return replace(log, anomalies=sorted({*log.anomalies, "parallel"}))


def _times(log: EpochLog) -> Iterator[int]:
    return accumulate(event.dt for event in log.events)


def _milliseconds(span: timedelta) -> int:
    return span // timedelta(milliseconds=1)


def _epoch_log(epoch: Epoch, batches: Sequence[StoredBatch], starts_ms: int | None, quota: LogQuota | None) -> EpochLog:
    events: list[Event] = []
    gaps: list[Gap] = []
    anomalies: set[str] = {"conflicting_batch"} if epoch.conflicting_batches else set()
    if epoch.cut_seq is not None:
        anomalies.add(CUT)
    expected = 0
    for batch in batches:
        if batch.first_seq > expected:
            gaps.append(Gap(expected, batch.first_seq - 1))
        elif batch.first_seq < expected:
            anomalies.add("overlap")
        # The batch that was stored first stays: an overlapping batch adds only new numbers.
        fresh = max(0, expected - batch.first_seq) if batch.first_seq < expected else 0
        read = decode_all(events_of(batch)[fresh:])
        if quota is not None:
            quota.count(read)
        events.extend(read)
        expected = max(expected, batch.first_seq + batch.count)
    ends_ms = _ends_ms(events, batches)
    imported = _is_imported(batches)
    anomalies |= _clock_oddities(batches, ends_ms)
    return EpochLog(
        events=events,
        gaps=gaps,
        anomalies=sorted(anomalies),
        number=epoch.number,
        starts_ms=starts_ms,
        ahead_ms=0 if imported else max(0, *_ahead_ms(batches, ends_ms)),
        live=not imported,
    )


def _ends_ms(events: Sequence[Event], batches: Sequence[StoredBatch]) -> Sequence[int]:
    """Return the time of each batch's last event since the page load's first one; too small where events are
    missing.
    """
    ends: list[int] = []
    reached = at_ms = taken = 0
    for batch in batches:
        reached = max(reached, batch.first_seq)
        fresh = max(0, batch.first_seq + batch.count - reached)
        at_ms += sum(event.dt for event in events[taken : taken + fresh] if 0 <= event.dt <= _LONGEST_GAP_MS)
        taken += fresh
        reached += fresh
        ends.append(at_ms)
    return ends


def _clock_oddities(batches: Sequence[StoredBatch], ends_ms: Sequence[int]) -> set[str]:
    """Return contradictions between the page's clocks between two batches.

    Forward jumps of the wall clock are sleep: the performance clock of some browsers stops, the wall clock does not. A
    wall clock that ran back is odd only if the events' intervals disagree with the performance clock too.
    """
    found: set[str] = set()
    stamps = [batch.stamp for batch in batches]
    for (earlier, _), (later, until_ms) in pairwise(zip(stamps, ends_ms, strict=True)):
        if (later.wall_ms - earlier.wall_ms) - (later.perf_ms - earlier.perf_ms) >= -_CLOCK_JUMP_MS:
            continue
        agree = until_ms - ends_ms[0] <= later.perf_ms - stamps[0].perf_ms + _CLOCK_JUMP_MS
        found.add("wall_clock" if agree else "clock")
    return found


def _is_imported(batches: Sequence[StoredBatch]) -> bool:
    """Return whether the log arrived at the very time at which its page load was created; it is then unknown when it
    was written.
    """
    return all(batch.stamp.arrival_ms == 0 for batch in batches)


def _ahead_ms(batches: Sequence[StoredBatch], ends_ms: Sequence[int]) -> Iterator[int]:
    """Return by how much the events up to each batch claim more time than had passed here since the page was opened."""
    for batch, end_ms in zip(batches, ends_ms, strict=True):
        yield end_ms - batch.stamp.arrival_ms
