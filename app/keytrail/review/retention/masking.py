"""Mask the text in old logs once nothing is left to decide; reports, figures and the submitted text stay."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from keytrail.errors import Conflict
from keytrail.models import WIRE_1, Epoch, StoredReport, Study, Submission, WritingSession
from keytrail.provenance.masking import mask_text
from keytrail.provenance.units import from_units, to_units
from keytrail.review.analysis.evidence import evidence_of
from keytrail.review.retention.ended import ended_before
from keytrail.sessions.eventlog import Chain
from keytrail.sessions.eventlog.masking import mask_log


def sessions_to_mask(db: Session, now: datetime, days: int, study_id: int | None = None) -> list[int]:
    """Return ids of sessions that ended or expired at least so many days ago and whose log still has its text.

    Left out are submissions without a report or a decision, and those that can still be disputed: an objection waits
    for its answer, or the worker's copy, where one can object, can still be opened.
    """
    recorded = select(Epoch.id).where(Epoch.session_id == WritingSession.id, Epoch.format == WIRE_1)
    query = (
        select(WritingSession.id, Submission.submitted_at, Study.copy_days, Study.copy_shows_decision)
        .join(Study, Study.id == WritingSession.study_id)
        .outerjoin(Submission, Submission.session_id == WritingSession.id)
        .outerjoin(StoredReport, StoredReport.submission_id == Submission.id)
        .where(WritingSession.masked_at.is_(None), recorded.exists(), ended_before(now - timedelta(days=days)))
        .where(
            Submission.id.is_(None)
            | (StoredReport.submission_id.is_not(None) & Submission.settled & Submission.objected.is_(False))
        )
        .order_by(WritingSession.id)
    )
    if study_id is not None:
        query = query.where(WritingSession.study_id == study_id)
    return [
        session_id
        for session_id, submitted_at, copy_days, shows in db.execute(query)
        if submitted_at is None or not shows or submitted_at + timedelta(days=copy_days) <= now
    ]


def mask_session(db: Session, session_id: int, chain: Chain, now: datetime) -> int:
    """Mask the text in a session's log and return its number of events. The report stays and names the new chain.

    The words that a writing assistant replaced are masked in the report too. Raises Conflict if there is a submission
    that has no report, or is not decided.
    """
    session = db.get_one(WritingSession, session_id, with_for_update=True)
    submission = db.scalar(select(Submission).where(Submission.session_id == session_id))
    report = None if submission is None else db.get(StoredReport, submission.id)
    if submission is not None and (report is None or not submission.settled or submission.objected):
        raise Conflict("This submission is not analysed and decided yet. Its log is needed for that.")
    events = mask_log(db, session_id, chain)
    session.masked_at = now
    if submission is not None and report is not None:
        _mask_rewrites(report)
        report.body["evidence"] = evidence_of(db, submission)
        flag_modified(report, "body")
    return events


def _mask_rewrites(report: StoredReport) -> None:
    for finding in report.body["findings"]:
        for rewrite in finding["evidence"].get("rewrites", ()):
            rewrite["old"] = from_units(mask_text(to_units(rewrite["old"])))
