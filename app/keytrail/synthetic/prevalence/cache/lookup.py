"""Look up cached estimates, and whether they are current."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic

from sqlalchemy.orm import Session

from keytrail.models import Study, StudyFigures
from keytrail.synthetic.prevalence.cache.fingerprint import fingerprint
from keytrail.synthetic.prevalence.cache.kinds import FigureKind, Found, cache_key

GIVEN_UP_AFTER = timedelta(minutes=15)
"""A computation older than this was abandoned: the server was stopped. A hundred thousand submissions take a minute or
two."""
RESTS_FOR = timedelta(minutes=1)
"""Minimum time between computations, for studies that change all the time and are viewed often."""


@dataclass(frozen=True)
class CachedFigures(Generic[Found]):
    """Cached estimates; `found` is None before the first computation, or if it failed (`failed`).

    `changed` says that an input has changed, `due` that they should be computed and no computation is running.
    """

    found: Found | None
    worked_out_at: datetime | None
    changed: bool
    under_way: bool
    failed: bool
    due: bool

    @property
    def coming(self) -> bool:
        """Whether newer estimates are expected soon."""
        return self.due or self.under_way


def look_up(db: Session, kind: FigureKind[Found], studies: Sequence[Study], now: datetime) -> CachedFigures[Found]:
    """Return the cached estimates of these studies together, without computing anything."""
    row = db.get(StudyFigures, cache_key(kind, studies).key)
    changed = row is None or row.fingerprint != fingerprint(db, kind, studies, now)
    if row is None:
        return CachedFigures(None, None, changed, under_way=False, failed=False, due=True)
    under_way = is_under_way(row, now)
    rested = row.worked_out_at is None or now - row.worked_out_at >= RESTS_FOR
    return CachedFigures(
        None if row.body is None else kind.shape.validate_python(row.body),
        row.worked_out_at,
        changed,
        under_way,
        failed=row.body is None and row.worked_out_at is not None,
        due=changed and rested and not under_way,
    )


def is_under_way(row: StudyFigures, now: datetime) -> bool:
    """Return whether a computation is running, as far as is known."""
    return row.begun_at is not None and now - row.begun_at < GIVEN_UP_AFTER
