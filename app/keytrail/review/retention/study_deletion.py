"""Delete a study with everything in it, and nothing of any other study."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, String, cast, delete, func, literal, select
from sqlalchemy.orm import Session

from keytrail.errors import BadRequest, Conflict
from keytrail.models import (
    ActionState,
    AuditAction,
    AuditEntry,
    Decision,
    DeletedSpending,
    Epoch,
    EventBatch,
    Item,
    Membership,
    PlatformAction,
    PlatformTask,
    ReferenceText,
    Study,
    StudyFigures,
    Submission,
    User,
    Worker,
    WritingSession,
)
from keytrail.platform_actions.ledger import committed, is_live
from keytrail.review.figures.progress import under_way
from keytrail.studies.trials import delete_trials
from keytrail.users.audit_log import record_action

_UNDER_WAY = (ActionState.QUEUED, ActionState.SENDING, ActionState.UNSURE)


@dataclass(frozen=True)
class StudyContents:
    """The number of a study's rows of each kind. `undecided` are submissions without a decision."""

    items: int
    workers: int
    sessions: int
    events: int
    submissions: int
    undecided: int
    decisions: int
    references: int
    payments: int
    members: int
    audit_entries: int


def contents_of(db: Session, study: Study) -> StudyContents:
    """Count what deleting the study would delete."""
    epochs = select(Epoch.id).join(WritingSession).where(WritingSession.study_id == study.id)
    submissions = select(Submission.id).where(Submission.study_id == study.id)
    return StudyContents(
        items=_count(db, Item.study_id == study.id),
        workers=_count(db, Worker.study_id == study.id),
        sessions=_count(db, WritingSession.study_id == study.id),
        events=db.scalar(select(func.sum(EventBatch.count)).where(EventBatch.epoch_id.in_(epochs))) or 0,
        submissions=_count(db, Submission.study_id == study.id),
        undecided=_count(db, (Submission.study_id == study.id) & Submission.decision.is_(None)),
        decisions=_count(db, Decision.submission_id.in_(submissions)),
        references=_count(db, ReferenceText.study_id == study.id),
        payments=_count(db, PlatformAction.study_id == study.id),
        members=_count(db, Membership.study_id == study.id),
        audit_entries=_count(db, AuditEntry.study_id == study.id),
    )


def obstacles(db: Session, study: Study, now: datetime) -> Sequence[str]:
    """Return what must be ended first, a sentence each; none if the study can be deleted."""
    tasks = db.scalars(select(PlatformTask).where(PlatformTask.study_id == study.id)).all()
    payments = _count(db, (PlatformAction.study_id == study.id) & PlatformAction.state.in_(_UNDER_WAY))
    found = (
        (
            under_way(db, [study.id], now),
            "Workers are writing right now. Close the study and wait until they are done.",
        ),
        (any(is_live(task, now) for task in tasks), "It is still published. End its tasks on the Platform page."),
        (payments, "Payment actions are queued or uncertain. Send, cancel or clear them on the Payments page."),
    )
    return [sentence for holds, sentence in found if holds]


def delete_study(db: Session, study: Study, typed: str, user: User, now: datetime) -> StudyContents:
    """Delete a study permanently, and return what was deleted. The installation's audit log keeps the deletion and its
    user.

    Committed money still counts against the installation's budget, and excluded workers stay excluded. Raises
    BadRequest unless `typed` is the study's address, Conflict while something is in progress.
    """
    if typed.strip() != study.slug:
        raise BadRequest(f"Nothing was deleted. Type “{study.slug}” to confirm.", code="not_confirmed")
    db.execute(select(Study.id).where(Study.id == study.id).with_for_update())  # nobody begins meanwhile
    if problems := obstacles(db, study, now):
        raise Conflict(" ".join(problems), code="study_in_use")
    gone = contents_of(db, study)
    _keep_spending(db, study, now)
    detail = {"study": study.slug, "title": study.title, "submissions": gone.submissions, "workers": gone.workers}
    record_action(db, AuditAction.DELETE_STUDY, now, user_id=user.id, study_id=None, detail=detail)
    db.flush()
    delete_trials(db, study)
    # Sessions refer to items and workers; the database does not order these deletions by itself.
    for table in (WritingSession, Worker):
        db.execute(delete(table).where(table.study_id == study.id))
    db.execute(delete(Study).where(Study.id == study.id))
    _forget_joint_estimates(db)
    return gone


def _forget_joint_estimates(db: Session) -> None:
    """Estimates of several studies do not tell of which, and may hold figures of this one. They are made when asked."""
    own = literal("% ").concat(cast(StudyFigures.study_id, String))
    db.execute(delete(StudyFigures).where(StudyFigures.key.not_like(own)))


def _keep_spending(db: Session, study: Study, now: datetime) -> None:
    for currency, cents in committed(db, now, study.id).items():
        if cents:
            total = db.get(DeletedSpending, currency, with_for_update=True)
            if total is None:
                db.add(DeletedSpending(currency=currency, cents=cents))
            else:
                total.cents += cents


def _count(db: Session, where: ColumnElement[bool]) -> int:
    return db.scalar(select(func.count()).where(where)) or 0
