"""Looking at kept figures: what there is, and whether it is what it would be now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic

from sqlalchemy.orm import Session

from keytrail.models import Study, StudyFigures
from keytrail.synthetic.prevalence.cache.fingerprint import fingerprint
from keytrail.synthetic.prevalence.cache.kinds import FigureKind, Found, cache_key

GIVEN_UP_AFTER = timedelta(minutes=15)
"""Working out for so long is over: the server was stopped. A hundred thousand submissions take a minute or two."""
RESTS_FOR = timedelta(minutes=1)
"""A study that is written for all the time is worked out once a minute at most, however often somebody looks."""


@dataclass(frozen=True)
class CachedFigures(Generic[Found]):
    """Figures of a moment; `found` is None before the first time, or if they could not be worked out (`failed`).

    `changed` says that something they rest on is another now, `due` that they should be worked out and nobody is at it.
    """

    found: Found | None
    worked_out_at: datetime | None
    changed: bool
    under_way: bool
    failed: bool
    due: bool

    @property
    def coming(self) -> bool:
        """Whether newer figures are to be expected soon."""
        return self.due or self.under_way


def look_up(db: Session, kind: FigureKind[Found], studies: Sequence[Study], now: datetime) -> CachedFigures[Found]:
    """What is kept of these studies together; nothing is worked out."""
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
    """Whether somebody works them out, as far as anybody knows."""
    return row.begun_at is not None and now - row.begun_at < GIVEN_UP_AFTER
