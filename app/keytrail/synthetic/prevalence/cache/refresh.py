"""Working figures out, here or in a process of its own, and keeping them."""

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
    """Figures of now and when they were worked out: kept ones if nothing has changed since.

    `apart` has a process of its own work them out, so that a server goes on recording. Raises Unavailable if they
    cannot be worked out.
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
        raise Unavailable("Updating the estimates failed. The server's log says why.")
    return cached.found, cached.worked_out_at


def refresh_figures(database: Database, subject: CacheKey, clock: Callable[[], datetime]) -> None:
    """Work them out in a process of its own, unless somebody is at it already."""
    run = begin_refresh(database, subject, clock)
    if run is not None:
        compute_in_child(database, subject, run, clock)


def begin_refresh(database: Database, subject: CacheKey, clock: Callable[[], datetime]) -> int | None:
    """Note that it begins, for whoever works them out; the number of the run, or None if somebody is at it already."""
    with database.writing() as db:
        row = _row(db, subject)
        return None if is_under_way(row, clock()) else _begin(row, clock())


def begun_refreshes(db: Session, begun_before: datetime) -> Sequence[CacheKey]:
    """What began before a moment, has not ended, and was not given up.

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
    """As `work`, in a process of its own; waits for it. `clock` is a function of a module."""
    run_in_child(database.engine.url.render_as_string(hide_password=False), compute, subject, run, clock)
    # Without effect, unless the process ended without a word: one that was killed cannot say so.
    _end(database, subject, run, _FAILED, clock())


def compute(database: Database, subject: CacheKey, run: int, clock: Callable[[], datetime]) -> None:
    """Work them out and keep them, unless a later run has begun meanwhile. Nothing is written while it works.

    What they rest on is noted before it is read: whatever changes meanwhile shows as changed. A lock tells others that
    somebody is at it.
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
    except Exception:  # noqa: BLE001  # whatever it was, whoever waits has to be told
        _log.exception("%s figures of studies %s failed", subject.kind, subject.study_ids)
    _end(database, subject, run, made, clock())


@dataclass(frozen=True)
class _Made:
    """What a run came to; without a body it failed."""

    fingerprint: str
    body: dict[str, Any] | None


_FAILED = _Made("", None)


def _end(database: Database, subject: CacheKey, run: int, made: _Made, now: datetime) -> None:
    """Keep what a run came to, unless it has ended or a later one has begun."""
    with database.writing() as db:
        row = db.get(StudyFigures, subject.key, with_for_update=True)
        if row is not None and row.run == run and row.begun_at is not None:
            row.fingerprint, row.body, row.worked_out_at, row.begun_at = made.fingerprint, made.body, now, None


def _row(db: Session, subject: CacheKey) -> StudyFigures:
    """Theirs alone until the unit of work ends."""
    # The study's row keeps two from adding it at once.
    db.get_one(Study, subject.study_ids[0], with_for_update={"key_share": True})
    row = db.get(StudyFigures, subject.key, with_for_update=True)
    if row is None:
        row = StudyFigures(key=subject.key, study_id=subject.study_ids[0], run=0)
        db.add(row)
    return row


def _begin(row: StudyFigures, now: datetime) -> int:
    """The number of the run that begins now; an earlier one that goes on is without effect then."""
    row.run += 1
    row.begun_at = now
    return row.run


def _studies(db: Session, subject: CacheKey) -> Sequence[Study]:
    return db.scalars(select(Study).where(Study.id.in_(subject.study_ids)).order_by(Study.id)).all()
