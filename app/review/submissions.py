"""Reading submissions for reviewers and programs."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from app.errors import NotFound
from app.models import Decision, Item, Membership, ReportFinding, StoredReport, Submission, User, WritingSession


@dataclass(frozen=True)
class Filters:
    """What to show; None means everything. `before` is a submission's number: only older ones."""

    verdict: str | None = None
    finding: str | None = None
    item: str | None = None
    worker: str | None = None
    before: int | None = None


@dataclass(frozen=True)
class Listed:
    """One page of submissions, newest first; `next_before` asks for the next page, None at the end."""

    rows: Sequence[Submission]
    next_before: int | None


def list_submissions(db: Session, study_id: int, filters: Filters, limit: int) -> Listed:
    """A page of a study's submissions with report, item and worker loaded."""
    query = _filtered(select(Submission).where(Submission.study_id == study_id), filters)
    query = query.options(
        joinedload(Submission.report),
        joinedload(Submission.session).joinedload(WritingSession.item),
        joinedload(Submission.session).joinedload(WritingSession.worker),
    )
    rows = list(db.scalars(query.order_by(Submission.id.desc()).limit(limit + 1)))
    more = len(rows) > limit
    return Listed(rows[:limit], rows[limit - 1].id if more else None)


def visible_submission(db: Session, public_id: str, user: User) -> Submission:
    """A submission of a study that the user may see, with all that its page shows. Raises NotFound otherwise."""
    submission = db.scalar(
        select(Submission)
        .join(Membership, Membership.study_id == Submission.study_id)
        .where(Submission.public_id == public_id, Membership.user_id == user.id)
        .options(
            joinedload(Submission.report),
            joinedload(Submission.study),
            joinedload(Submission.session).joinedload(WritingSession.item),
            joinedload(Submission.session).joinedload(WritingSession.worker),
        )
    )
    if submission is None:
        raise NotFound("There is no such submission, or it is in a study that you have no access to.")
    return submission


def decisions_of(db: Session, submission: Submission) -> Sequence[Decision]:
    """What reviewers said of a submission, newest first."""
    return list(
        db.scalars(
            select(Decision)
            .where(Decision.submission_id == submission.id)
            .options(joinedload(Decision.user))
            .order_by(Decision.id.desc())
        )
    )


def _filtered(query: Select[tuple[Submission]], filters: Filters) -> Select[tuple[Submission]]:
    if filters.before is not None:
        query = query.where(Submission.id < filters.before)
    if filters.verdict:
        query = query.join(StoredReport).where(StoredReport.verdict == filters.verdict)
    if filters.finding:
        with_finding = select(ReportFinding.submission_id).where(ReportFinding.rule == filters.finding)
        query = query.where(Submission.id.in_(with_finding))
    if filters.item or filters.worker:
        query = query.join(WritingSession, WritingSession.id == Submission.session_id)
    if filters.item:
        query = query.join(Item, Item.id == WritingSession.item_id).where(Item.key == filters.item)
    if filters.worker:
        query = query.where(WritingSession.worker.has(pseudonym=filters.worker))
    return query
