"""Removals from a study, kept while they can be undone."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from keytrail.errors import NotFound
from keytrail.models import Removal, RemovalKind, Study

UNDO_DAYS: Final = 7
_MAX_LABEL: Final = 300
_LASTS = timedelta(days=UNDO_DAYS)


def record_removal(
    db: Session, study: Study, kind: RemovalKind, label: str, content: Mapping[str, object], now: datetime
) -> Removal:
    """Record what restoring needs, and delete removals that can no longer be undone."""
    db.execute(delete(Removal).where(Removal.removed_at <= now - _LASTS))
    removal = Removal(study_id=study.id, kind=kind, label=label[:_MAX_LABEL], content=dict(content), removed_at=now)
    db.add(removal)
    return removal


def removals_of(db: Session, study: Study, kind: RemovalKind, now: datetime) -> Sequence[Removal]:
    """Return the removals that can be undone, newest first."""
    return db.scalars(
        select(Removal)
        .where(Removal.study_id == study.id, Removal.kind == kind, Removal.removed_at > now - _LASTS)
        .order_by(Removal.id.desc())
    ).all()


def removal_of(db: Session, study: Study, kind: RemovalKind, number: int, now: datetime) -> Removal:
    """Return one removal, locked. Raises NotFound once it was restored or is too old."""
    found = db.get(Removal, number, with_for_update=True)
    if found is None or (found.study_id, found.kind) != (study.id, kind) or found.removed_at <= now - _LASTS:
        raise NotFound(f"This can no longer be undone: it was restored already, or is older than {UNDO_DAYS} days.")
    return found
