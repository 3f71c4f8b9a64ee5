"""Store self-reports: answers after submission whether a language model was used. They have no consequences for the
worker.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from keytrail.models import ModelUse, SelfReport, Study, Submission


def is_self_report_due(db: Session, study: Study, submission: Submission) -> bool:
    """Return whether this worker is still to be asked."""
    return study.asks_model_use and db.get(SelfReport, submission.id) is None


def record_self_report(db: Session, submission: Submission, answer: ModelUse, now: datetime) -> None:
    """Store the worker's answer; a later answer replaces it."""
    # The submission's row is locked first, so that the second of two concurrent answers finds the first.
    db.execute(select(Submission.id).where(Submission.id == submission.id).with_for_update())
    report = db.get(SelfReport, submission.id)
    if report is None:
        db.add(SelfReport(submission_id=submission.id, model_use=answer, answered_at=now))
    else:
        report.model_use, report.answered_at = answer, now
