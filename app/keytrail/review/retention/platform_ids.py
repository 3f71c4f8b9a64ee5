"""Forget the platform's ids of workers for whom nothing is left to decide or to pay."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from keytrail.models import (
    ActionState,
    AssignmentIdentity,
    Decision,
    PlatformAction,
    Submission,
    Worker,
    WorkerIdentity,
    WritingSession,
)

_DONE = (ActionState.SENT, ActionState.CANCELLED)


def workers_to_forget(db: Session, now: datetime, days: int, study_id: int | None = None) -> Sequence[int]:
    """Return workers whose last session, decision and payment ended at least so many days ago.

    Left out are workers with a text that is not decided, an objection without an answer, or an action that was not
    sent: their ids are needed to pay them.
    """
    limit = now - timedelta(days=days)
    sessions = select(WritingSession.id).where(WritingSession.worker_id == Worker.id)
    submissions = select(Submission.id).where(Submission.session_id.in_(sessions))
    named = (
        select(WorkerIdentity.worker_id).where(WorkerIdentity.worker_id == Worker.id),
        select(AssignmentIdentity.session_id).where(AssignmentIdentity.session_id.in_(sessions)),
    )
    open_session = WritingSession.ended_at.is_(None) & (WritingSession.expires_at >= limit)
    of_worker = (PlatformAction.worker_id == Worker.id) | PlatformAction.submission_id.in_(submissions)
    reasons_to_keep = (
        sessions.where(or_(WritingSession.ended_at >= limit, open_session)),
        submissions.where(or_(Submission.settled.is_(False), Submission.objected)),
        select(Decision.id).where(Decision.submission_id.in_(submissions), Decision.decided_at >= limit),
        select(PlatformAction.id).where(
            of_worker, or_(PlatformAction.state.not_in(_DONE), PlatformAction.ended_at >= limit)
        ),
    )
    query = (
        select(Worker.id)
        .where(or_(*(one.exists() for one in named)), *(~reason.exists() for reason in reasons_to_keep))
        .order_by(Worker.id)
    )
    return db.scalars(query if study_id is None else query.where(Worker.study_id == study_id)).all()


def forget_platform_ids(db: Session, worker_id: int) -> None:
    """Delete the platform's ids of a worker and of their assignments. Pseudonyms, texts and amounts stay.

    The worker is still recognised, because the pseudonym is derived from the id that a later visit brings.
    """
    sessions = select(WritingSession.id).where(WritingSession.worker_id == worker_id)
    submissions = select(Submission.id).where(Submission.session_id.in_(sessions))
    db.execute(delete(AssignmentIdentity).where(AssignmentIdentity.session_id.in_(sessions)))
    db.execute(delete(WorkerIdentity).where(WorkerIdentity.worker_id == worker_id))
    db.execute(
        update(PlatformAction)
        .where((PlatformAction.worker_id == worker_id) | PlatformAction.submission_id.in_(submissions))
        .values(parameters={}, outcome="", external_ref="")
        .execution_options(synchronize_session=False)
    )
