"""Failed analyses: recorded, retried within minutes, and after a few attempts left to a person."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from keytrail.models import AnalysisFailure, StoredReport, Submission

PAUSES: Final = (timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=15))
"""Pauses before the next attempt, after the first failure, the second and so on. Then it is no longer retried
automatically.

The first is short: the most frequent cause is a server that was stopped, which says nothing about the submission."""
UNFINISHED: Final = "The server stopped before the analysis was done."
_LONGEST_REASON: Final = 300


def record_failure(db: Session, submission_id: int, reason: str, now: datetime) -> None:
    """Record that a first attempt failed, or one that `begin_try` has counted.

    Nothing is recorded for a submission that was erased meanwhile, or that keeps an earlier report.
    """
    present = db.get(Submission, submission_id, with_for_update=True)
    if present is None or db.get(StoredReport, submission_id) is not None:
        return
    failure = db.get(AnalysisFailure, submission_id)
    if failure is None:
        failure = _count(db, submission_id, None, now)
    failure.reason, failure.failed_at = reason[:_LONGEST_REASON], now


def begin_try(db: Session, submission_id: int, now: datetime) -> bool:
    """Count an attempt before it is made, so that one that crashes the server counts too. False if it must not be made.

    A submission is tried if it has no report, and no failure that is waiting or was given up.
    """
    present = db.get(Submission, submission_id, with_for_update=True)
    if present is None or db.get(StoredReport, submission_id) is not None:
        return False
    failure = db.get(AnalysisFailure, submission_id, populate_existing=True)
    if failure is not None and (failure.next_at is None or failure.next_at > now):
        return False
    _count(db, submission_id, failure, now)
    return True


def is_first_try(failure: AnalysisFailure) -> bool:
    """Whether this is no failure yet: the first try was counted and is under way, or its process was killed."""
    return failure.attempts == 1 and failure.reason == UNFINISHED


def forget_failure(db: Session, submission_id: int) -> None:
    """Remove a failure: the analysis succeeded, or a person asked for it again."""
    db.execute(delete(AnalysisFailure).where(AnalysisFailure.submission_id == submission_id))


def due(db: Session, now: datetime) -> Sequence[int]:
    """Return the submissions whose analysis is due for a retry."""
    query = select(AnalysisFailure.submission_id).where(AnalysisFailure.next_at <= now)
    return db.scalars(query.order_by(AnalysisFailure.next_at)).all()


def never_tried(db: Session) -> Sequence[int]:
    """Submissions without a report and without a failure, oldest first: a server stopped before it came to them."""
    return db.scalars(select(Submission.id).where(*_untried()).order_by(Submission.id)).all()


def is_untried(db: Session, submission_id: int) -> bool:
    """Whether nobody has tried a submission yet, or it was asked for anew."""
    return db.scalar(select(Submission.id).where(Submission.id == submission_id, *_untried())) is not None


def count_untried(db: Session) -> int:
    """How many submissions wait for their first analysis."""
    return db.scalar(select(func.count(Submission.id)).where(*_untried())) or 0


def oldest_untried(db: Session) -> datetime | None:
    """When the one that waits longest for its first analysis was submitted; None if none waits."""
    return db.scalar(select(func.min(Submission.submitted_at)).where(*_untried()))


def _untried() -> Sequence[ColumnElement[bool]]:
    return (
        Submission.verdict.is_(None),  # as without a report, and there is an index for it
        ~select(AnalysisFailure.submission_id).where(AnalysisFailure.submission_id == Submission.id).exists(),
    )


def _count(db: Session, submission_id: int, failure: AnalysisFailure | None, now: datetime) -> AnalysisFailure:
    if failure is None:
        failure = AnalysisFailure(submission_id=submission_id, attempts=0, reason=UNFINISHED, failed_at=now)
        db.add(failure)
    failure.attempts += 1
    waits = failure.attempts <= len(PAUSES)
    failure.next_at = now + PAUSES[failure.attempts - 1] if waits else None
    return failure
