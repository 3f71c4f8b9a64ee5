"""Refresh cached estimates, in this or a child process."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from keytrail.child_process import run_in_child
from keytrail.db import Database
from keytrail.errors import Unavailable
from keytrail.locks import Locks
from keytrail.models import Study, StudyFigures
from keytrail.synthetic.prevalence.cache.fingerprint import fingerprint
from keytrail.synthetic.prevalence.cache.kinds import KINDS, CacheKey, FigureKind, Found, cache_key
from keytrail.synthetic.prevalence.cache.lookup import GIVEN_UP_AFTER, is_under_way, look_up

_log = logging.getLogger("keytrail")


def current_figures(
    database: Database,
    kind: FigureKind[Found],
    studies: Sequence[Study],
    clock: Callable[[], datetime],
    *,
    in_child: bool = True,
) -> tuple[Found, datetime]:
    """Return current estimates and the time of their computation, from the cache if nothing has changed.

    With `apart` a child process computes them, so that a server continues to record. Raises Unavailable if they cannot
    be computed.
    """
    subject = cache_key(kind, studies)
    with database.reading() as db:
        cached = look_up(db, kind, studies, clock())
    if cached.changed:
        with database.writing() as db:
            run = _begin(_row(db, subject), clock())
        (compute_in_child if in_child else compute)(database, subject, run, clock)
        with database.reading() as db:
            cached = look_up(db, kind, studies, clock())
    if cached.found is None or cached.worked_out_at is None:
        raise Unavailable("Updating the estimates failed. The server's log has the reason.")
    return cached.found, cached.worked_out_at


def refresh_figures(database: Database, subject: CacheKey, clock: Callable[[], datetime]) -> None:
    """Compute them in a child process, unless a computation is running."""
    run = begin_refresh(database, subject, clock)
    if run is not None:
        compute_in_child(database, subject, run, clock)


def begin_refresh(database: Database, subject: CacheKey, clock: Callable[[], datetime]) -> int | None:
    """Note that a computation begins. Return the number of the run, or None if one is running."""
    with database.writing() as db:
        row = _row(db, subject)
        return None if is_under_way(row, clock()) else _begin(row, clock())


def begun_refreshes(db: Session, begun_before: datetime) -> Sequence[CacheKey]:
    """Return computations that began before a moment, have not ended, and were not given up.

    Only of one study each: the key of several together does not name them. Whoever looks at those begins them again.
    """
    rows = db.scalars(
        select(StudyFigures).where(
            StudyFigures.begun_at <= begun_before, StudyFigures.begun_at > begun_before - GIVEN_UP_AFTER
        )
    )
    subjects = (CacheKey(row.key.partition(" ")[0], (row.study_id,)) for row in rows)
    return [subject for subject in subjects if subject.kind in KINDS and db.get(StudyFigures, subject.key) is not None]


def resume_refresh(database: Database, subject: CacheKey, clock: Callable[[], datetime]) -> None:
    """Begin anew what a killed process was at, or what was handed over; what that one writes is void."""
    with database.writing() as db:
        row = _row(db, subject)
        if row.begun_at is None:
            return
        run = _begin(row, clock())
    compute_in_child(database, subject, run, clock)


def compute_in_child(database: Database, subject: CacheKey, run: int, clock: Callable[[], datetime]) -> None:
    """Like `compute`, in a child process; waits for it. `clock` is a function of a module."""
    run_in_child(database.engine.url.render_as_string(hide_password=False), compute, subject, run, clock)
    # Without effect, unless the process ended without a word: one that was killed cannot say so.
    _end(database, subject, run, _FAILED, clock())


def compute(database: Database, subject: CacheKey, run: int, clock: Callable[[], datetime]) -> None:
    """Compute and cache them, unless a later run has begun meanwhile. Nothing is written during the computation.

    The fingerprint of the inputs is taken before they are read: whatever changes meanwhile shows as changed. A lock
    tells other processes that it is running.
    """
    with Locks(database.engine).held(f"figures {subject.key}") as mine:
        if mine:
            _compute(database, subject, run, clock)


def _compute(database: Database, subject: CacheKey, run: int, clock: Callable[[], datetime]) -> None:
    made = _FAILED
    try:
        kind = KINDS[subject.kind]
        with database.reading() as db:
            studies, now = _studies(db, subject), clock()
            made = _Made(fingerprint(db, kind, studies, now), None)
            made = replace(made, body=kind.shape.dump_python(kind.make(db, studies, now), mode="json"))
    except Exception:  # noqa: BLE001  # the waiting caller must get any error
        _log.exception("%s figures of studies %s failed", subject.kind, subject.study_ids)
    _end(database, subject, run, made, clock())


@dataclass(frozen=True)
class _Made:
    """The result of a run; without a body it failed."""

    fingerprint: str
    body: dict[str, Any] | None


_FAILED = _Made("", None)


def _end(database: Database, subject: CacheKey, run: int, made: _Made, now: datetime) -> None:
    """Store the result of a run, unless it has ended or a later one has begun."""
    with database.writing() as db:
        row = db.get(StudyFigures, subject.key, with_for_update=True)
        if row is not None and row.run == run and row.begun_at is not None:
            row.fingerprint, row.body, row.worked_out_at, row.begun_at = made.fingerprint, made.body, now, None


def _row(db: Session, subject: CacheKey) -> StudyFigures:
    """Lock the row until the unit of work ends."""
    # Locking the study's row prevents two from adding it at once.
    db.get_one(Study, subject.study_ids[0], with_for_update={"key_share": True})
    row = db.get(StudyFigures, subject.key, with_for_update=True)
    if row is None:
        row = StudyFigures(key=subject.key, study_id=subject.study_ids[0], run=0)
        db.add(row)
    return row


def _begin(row: StudyFigures, now: datetime) -> int:
    """Return the number of a new run; an earlier one that still runs has no effect then."""
    row.run += 1
    row.begun_at = now
    return row.run


def _studies(db: Session, subject: CacheKey) -> Sequence[Study]:
    return db.scalars(select(Study).where(Study.id.in_(subject.study_ids)).order_by(Study.id)).all()
