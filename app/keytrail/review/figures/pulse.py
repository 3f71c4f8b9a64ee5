"""A short mark that changes whenever something in some studies does: cheap enough to ask for every second."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from keytrail.models import AuditEntry, Submission


def pulse_of(db: Session, study_ids: Sequence[int]) -> str:
    """New submissions, finished analyses and decisions change it; so does anything that the audit log notes.

    Three statements, each answered by an index, however many submissions there are.
    """
    newest = db.scalar(select(func.max(Submission.id)).where(Submission.study_id.in_(study_ids)))
    waiting = db.scalar(select(func.count()).where(Submission.study_id.in_(study_ids), Submission.verdict.is_(None)))
    noted = db.scalar(select(func.max(AuditEntry.id)).where(AuditEntry.study_id.in_(study_ids)))
    return f"{newest or 0}.{waiting or 0}.{noted or 0}"
