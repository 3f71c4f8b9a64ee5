"""Capacity of a study: limit its open sessions, and release the places of abandoned ones."""

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from keytrail.errors import TooMany
from keytrail.language import message
from keytrail.models import AuditAction, SessionState, Study, WritingSession
from keytrail.platforms.registry import phrases_of
from keytrail.users.audit_log import record_action


def require_capacity(db: Session, study: Study, most: int, now: datetime) -> None:
    """Raises TooMany while the study has that many open sessions."""
    if open_places(db, study.id, now) >= most:
        raise TooMany(
            message(
                "Very many people are working in this study right now, and no more can begin at the same time. Please "
                "try again in a few minutes. If you do not want to wait: %(leave)s",
                leave=phrases_of(study.platform).leave,
            ),
            code="study_full",
        )


def open_places(db: Session, study_id: int, now: datetime) -> int:
    """Count the sessions of a study that are begun, not submitted, and not expired."""
    query = select(func.count(WritingSession.id)).where(
        WritingSession.study_id == study_id,
        WritingSession.state == SessionState.OPEN,
        WritingSession.expires_at > now,
    )
    return db.scalar(query) or 0


def free_places(db: Session, study: Study, begun_before: datetime, user_id: int | None, now: datetime) -> int:
    """Expire open sessions that began before a time, and return how many; the audit log records it.

    Nothing is deleted and late submissions are still accepted (docs/decisions/0003).
    """
    freed = db.execute(
        update(WritingSession)
        .where(
            WritingSession.study_id == study.id,
            WritingSession.state == SessionState.OPEN,
            WritingSession.expires_at > now,
            WritingSession.consented_at < begun_before,
        )
        .values(expires_at=now)
        .returning(WritingSession.id)
        .execution_options(synchronize_session=False)
    ).all()
    detail = {"places": len(freed)}
    record_action(db, AuditAction.FREE_PLACES, now, user_id=user_id, study_id=study.id, detail=detail)
    return len(freed)
