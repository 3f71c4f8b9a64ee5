"""Take a snapshot of everything that one action needs, so that no transaction is open while it is performed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from keytrail.models import (
    ActionKind,
    ActionState,
    AssignmentIdentity,
    Exclusion,
    PlatformAction,
    PlatformAssignment,
    PlatformTask,
    Study,
    Submission,
    User,
    Worker,
    WorkerIdentity,
    WorkerPerson,
    WritingSession,
)
from keytrail.platform_actions.assignments import assignment_id_of
from keytrail.platform_actions.tasks import TaskReport
from keytrail.platforms import PlatformFault
from keytrail.sessions.participation import owners_of

_ABOUT_EXCLUSIONS = (ActionKind.EXCLUDE, ActionKind.READMIT)


@dataclass(frozen=True)
class ActionSnapshot:
    """One action with the platform's own ids. `resumed`: an earlier try was interrupted and may have succeeded.

    `bonused_cents` is what other bonuses from here have given for the same submission. `tries` counts this one.
    `excluded_ids` are the participants from whom a new project is hidden. `owners` are the e-mail addresses of those
    whose exclusions the action is about: of who excludes, or of all who own a study that is drafted.
    """

    action_id: int
    kind: ActionKind
    platform: str
    options: Mapping[str, Any]
    token: str
    amount_cents: int
    currency: str
    reason: str
    parameters: Mapping[str, Any]
    assignment_id: str | None
    worker_id: str | None
    hit_id: str | None
    external_ref: str
    first_sent_at: datetime
    resumed: bool
    tries: int = 1
    bonused_cents: int = 0
    excluded_ids: Sequence[str] = ()
    owners: Sequence[str] = ()


@dataclass(frozen=True)
class ActionResult:
    """What the platform did, in words; `hit` or `task` is the task's newest description where one was changed."""

    outcome: str
    hit: Mapping[str, Any] | None = None
    task: TaskReport | None = None
    assignment_status: str | None = None
    external_ref: str = ""
    fee_cents: int | None = None


Results = Mapping[int, ActionResult | PlatformFault]
"""What became of each of several actions, by its number."""
Checkpoint = Callable[[Mapping[int, str]], None]
"""Stores what the platform calls each action, durably, before the step that counts is taken."""


def take_snapshot(db: Session, action: PlatformAction, now: datetime, *, resumed: bool) -> ActionSnapshot:
    """Return the snapshot of a claimed action."""
    study = db.get_one(Study, action.study_id)
    task = db.get(PlatformTask, action.task_id) if action.task_id else None
    return ActionSnapshot(
        action_id=action.id,
        kind=ActionKind(action.kind),
        platform=study.platform,
        options=study.platform_options,
        token=action.token,
        amount_cents=action.amount_cents,
        currency=action.currency,
        reason=action.reason,
        parameters=action.parameters,
        assignment_id=_assignment_id(db, action),
        worker_id=_worker_id(db, action),
        hit_id=task.external_id if task else None,
        external_ref=action.external_ref,
        first_sent_at=action.first_sent_at or now,
        resumed=resumed,
        tries=action.tries,
        bonused_cents=_bonused_cents(db, action),
        excluded_ids=_excluded_ids(db, action, study.platform),
        owners=_owners(db, action),
    )


def require_holder(snapshot: ActionSnapshot, holder: str) -> None:
    """Raises PlatformFault if the platform says that the assignment belongs to another worker than the text."""
    if snapshot.worker_id and holder and holder != snapshot.worker_id:
        raise PlatformFault(
            "Nothing was sent: at the marketplace, another worker submitted this assignment than the one whose id this "
            "text bears. Ids of returned work go to the next worker, and anybody can make up a link."
        )


def _bonused_cents(db: Session, action: PlatformAction) -> int:
    if action.kind != ActionKind.BONUS or action.submission_id is None:
        return 0
    query = select(func.sum(PlatformAction.amount_cents)).where(
        PlatformAction.submission_id == action.submission_id,
        PlatformAction.kind == ActionKind.BONUS,
        PlatformAction.state == ActionState.SENT,
    )
    return db.scalar(query) or 0


def _owners(db: Session, action: PlatformAction) -> Sequence[str]:
    if action.kind == ActionKind.DRAFT:
        ids = owners_of(db, action.study_id)
    else:
        ids = [action.queued_by_id] if action.kind in _ABOUT_EXCLUSIONS and action.queued_by_id else []
    return db.scalars(select(User.email).where(User.id.in_(ids)).order_by(User.id)).all()


def _excluded_ids(db: Session, action: PlatformAction, platform: str) -> Sequence[str]:
    """Whom the person who ordered a draft has excluded, by the platform's ids; where it asks for that."""
    if action.kind != ActionKind.DRAFT or not action.parameters.get("hide_from_excluded"):
        return ()
    query = (
        select(WorkerIdentity.platform_worker_id)
        .join(WorkerPerson, WorkerPerson.worker_id == WorkerIdentity.worker_id)
        .join(Exclusion, (Exclusion.person == WorkerPerson.person) & (Exclusion.owner_id == WorkerPerson.owner_id))
        .join(Worker, Worker.id == WorkerIdentity.worker_id)
        .join(Study, Study.id == Worker.study_id)
        .where(Exclusion.owner_id == action.queued_by_id, Study.platform == platform)
        .distinct()
        .order_by(WorkerIdentity.platform_worker_id)
    )
    return db.scalars(query).all()


def require_known(value: str | None, what: str) -> str:
    """A platform's id. Raises PlatformFault without one."""
    if not value:
        raise PlatformFault(f"The platform's id of the {what} is not known here any more.")
    return value


def _assignment_id(db: Session, action: PlatformAction) -> str | None:
    if action.submission_id is None:
        known = db.get(PlatformAssignment, action.parameters.get("unmatched", 0))
        return assignment_id_of(db, known) if known is not None and known.study_id == action.study_id else None
    return db.scalar(
        select(AssignmentIdentity.assignment_id)
        .join(Submission, Submission.session_id == AssignmentIdentity.session_id)
        .where(Submission.id == action.submission_id)
    )


def _worker_id(db: Session, action: PlatformAction) -> str | None:
    query = select(WorkerIdentity.platform_worker_id)
    if action.worker_id is not None:
        return db.scalar(query.where(WorkerIdentity.worker_id == action.worker_id))
    if action.submission_id is None:
        return None
    joined = query.join(WritingSession, WritingSession.worker_id == WorkerIdentity.worker_id)
    return db.scalar(
        joined.join(Submission, Submission.session_id == WritingSession.id).where(Submission.id == action.submission_id)
    )
