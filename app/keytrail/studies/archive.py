"""Archive a study: it leaves the lists and keeps its data until an owner restores it."""

from datetime import datetime

from sqlalchemy.orm import Session

from keytrail.models import AuditAction, Study, StudyState, User
from keytrail.studies.editing import set_state
from keytrail.users.audit_log import record_action


def archive_study(db: Session, study: Study, user: User, now: datetime) -> None:
    """Remove a study from all lists, and close it for workers. Archiving it again changes nothing."""
    if study.archived_at is not None:
        return
    if study.state != StudyState.DRAFT:  # which lets nobody in
        set_state(db, study, StudyState.CLOSED, user, now)
    study.archived_at = now
    record_action(db, AuditAction.ARCHIVE_STUDY, now, user_id=user.id, study_id=study.id)


def restore_study(db: Session, study: Study, user: User, now: datetime) -> None:
    """List a study again. It stays closed for workers, or a draft, until an owner opens it."""
    if study.archived_at is None:
        return
    study.archived_at = None
    record_action(db, AuditAction.RESTORE_STUDY, now, user_id=user.id, study_id=study.id)
