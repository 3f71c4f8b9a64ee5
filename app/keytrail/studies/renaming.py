"""Rename a study's address while nobody has the old one."""

import re
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from keytrail.errors import BadRequest, Conflict
from keytrail.models import AuditAction, PlatformTask, Study, User, WritingSession
from keytrail.studies.definition import SLUG_PATTERN
from keytrail.users.audit_log import record_action


def is_renamable(db: Session, study: Study) -> bool:
    """Return whether no worker and no platform has a link with the study's address."""
    begun = db.scalar(select(WritingSession.id).where(WritingSession.study_id == study.id).limit(1))
    published = db.scalar(select(PlatformTask.id).where(PlatformTask.study_id == study.id).limit(1))
    return begun is None and published is None


def rename_study(db: Session, study: Study, slug: str, user: User, now: datetime) -> None:
    """Give a study another address. Raises BadRequest, or Conflict if the old one is in use or the new one exists."""
    slug = slug.strip()
    if not re.fullmatch(SLUG_PATTERN, slug):
        raise BadRequest("Use letters a to z, digits and hyphens, for example night-shift-light.", code="bad_slug")
    if slug == study.slug:
        return
    if not is_renamable(db, study):
        raise Conflict("Workers or the platform have links with this address already, so it stays.", code="slug_fixed")
    if db.scalar(select(Study.id).where(Study.slug == slug)) is not None:
        raise Conflict(f"There is already a study at the address '{slug}'. Choose another.", code="study_exists")
    detail = {"from": study.slug, "to": slug}
    study.slug = slug
    record_action(db, AuditAction.RENAME_STUDY, now, user_id=user.id, study_id=study.id, detail=detail)
