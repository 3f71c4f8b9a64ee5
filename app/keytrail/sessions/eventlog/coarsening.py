"""Coarsen the times of a stored log to seconds, so that what was typed stays and the typing rhythm goes."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from keytrail.sessions.eventlog.chain import Chain
from keytrail.sessions.eventlog.reading import StoredBatch, batches_of, events_of
from keytrail.sessions.eventlog.rewriting import chain_anew, rewrite_batch

COARSE_MS = 1000
"""Times are rounded to seconds. A key is held for a tenth of that, so neither holds nor intervals can be recovered."""


def coarsen_log(db: Session, session_id: int, chain: Chain) -> int:
    """Round the times of all stored events of a session to seconds and recompute the chain; return the number of
    events.

    The log then reports the coarser timer resolution.
    """
    events = 0
    for epoch, batches in batches_of(db, session_id):
        for batch, coarse in zip(batches, _coarse([events_of(batch) for batch in batches]), strict=True):
            events += len(coarse)
            rewrite_batch(batch, coarse)
        chain_anew(epoch, [_with_coarse_clocks(batch) for batch in batches], chain)
    db.flush()
    return events


def _coarse(batches: Sequence[list[Any]]) -> Iterator[list[Any]]:
    """Round events down to full seconds; rounding cumulative times, not intervals, preserves the session's length."""
    at_ms = 0
    for events in batches:
        coarse = []
        for dt, kind, *fields in events:
            before, at_ms = at_ms // COARSE_MS, at_ms + dt
            if kind == "E":
                fields = [{**fields[0], "tick": COARSE_MS}, *fields[1:]]  # noqa: PLW2901 -- all other fields stay
            coarse.append([(at_ms // COARSE_MS - before) * COARSE_MS, kind, *fields])
        yield coarse


def _with_coarse_clocks(batch: StoredBatch) -> StoredBatch:
    stamp = batch.stamp
    perf_ms, wall_ms = (clock // COARSE_MS * COARSE_MS for clock in (stamp.perf_ms, stamp.wall_ms))
    return replace(batch, stamp=stamp._replace(perf_ms=perf_ms, wall_ms=wall_ms))
