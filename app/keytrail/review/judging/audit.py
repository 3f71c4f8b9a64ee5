"""Read the audit log of a study."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from keytrail.models import AuditEntry, User


@dataclass(frozen=True)
class AuditLine:
    """One entry; `by` is None for a deleted account or the server itself."""

    at: datetime
    by: str | None
    action: str
    detail: Mapping[str, Any]


def audit_lines(
    db: Session, study_id: int | None, limit: int, before: int | None = None
) -> tuple[Sequence[AuditLine], int | None]:
    """A page of entries, newest first, and the `before` of the next page (None at the end).

    Without a study they are the installation's.
    """
    query = select(AuditEntry, User.name).outerjoin(User, User.id == AuditEntry.user_id)
    query = query.where(AuditEntry.study_id == study_id)
    if before is not None:
        query = query.where(AuditEntry.id < before)
    rows = db.execute(query.order_by(AuditEntry.id.desc()).limit(limit + 1)).all()
    lines = [AuditLine(entry.at, name, entry.action, entry.detail) for entry, name in rows[:limit]]
    return lines, rows[limit - 1][0].id if len(rows) > limit else None
