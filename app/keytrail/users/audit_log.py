"""Record who did what, for the audit log of a study or of the installation."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from keytrail.models import AuditAction, AuditEntry


def record_action(
    db: Session,
    action: AuditAction,
    now: datetime,
    *,
    user_id: int | None,
    study_id: int | None,
    detail: Mapping[str, object] | None = None,
) -> None:
    """Add an entry. Without a user it was the server or its operator; without a study it belongs to the
    installation.
    """
    entry = AuditEntry(at=now, user_id=user_id, study_id=study_id, action=action.value, detail=dict(detail or {}))
    db.add(entry)
