"""Coarsen the key timing of old logs to seconds; the results from exact times stay in the report."""

from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from keytrail.errors import Conflict
from keytrail.models import WIRE_1, Epoch, StoredReport, Submission, WritingSession
from keytrail.review.analysis.evidence import evidence_of
from keytrail.review.retention.ended import ended_before
from keytrail.sessions.eventlog import Chain
from keytrail.sessions.eventlog.coarsening import coarsen_log


def sessions_to_coarsen(db: Session, now: datetime, days: int, study_id: int | None = None) -> list[int]:
    """Return ids of sessions that ended or expired at least so many days ago and still have exact key timing.

    Submissions without a report are left out, because their timing has not been analysed.
    """
    recorded = select(Epoch.id).where(Epoch.session_id == WritingSession.id, Epoch.format == WIRE_1)
    query = (
        select(WritingSession.id)
        .outerjoin(Submission, Submission.session_id == WritingSession.id)
        .outerjoin(StoredReport, StoredReport.submission_id == Submission.id)
        .where(WritingSession.coarsened_at.is_(None), recorded.exists(), ended_before(now - timedelta(days=days)))
        .where(or_(Submission.id.is_(None), StoredReport.submission_id.is_not(None)))
        .order_by(WritingSession.id)
    )
    if study_id is not None:
        query = query.where(WritingSession.study_id == study_id)
    return list(db.scalars(query))


def coarsen_session(db: Session, session_id: int, chain: Chain, now: datetime) -> int:
    """Round a session's times to seconds and return its number of events. The report stays and names the new chain.

    Raises Conflict if there is a submission without a report.
    """
    session = db.get_one(WritingSession, session_id, with_for_update=True)
    submission = db.scalar(select(Submission).where(Submission.session_id == session_id))
    report = None if submission is None else db.get(StoredReport, submission.id)
    if submission is not None and report is None:
        raise Conflict("This submission has no report yet. Run 'keytrail analyse' first.")
    events = coarsen_log(db, session_id, chain)
    session.coarsened_at = now
    if submission is not None and report is not None:
        report.body = {**report.body, "evidence": evidence_of(db, submission)}
    return events
