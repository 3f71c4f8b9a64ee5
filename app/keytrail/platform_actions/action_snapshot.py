"""Take a snapshot of everything that one action needs, so that no transaction is open while it is performed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from keytrail.models import (
    ActionKind,
    AssignmentIdentity,
    PlatformAction,
    PlatformAssignment,
    PlatformTask,
    Study,
    Submission,
    WorkerIdentity,
    WritingSession,
)
from keytrail.platform_actions.assignments import assignment_id_of
from keytrail.platforms import PlatformFault


@dataclass(frozen=True)
class ActionSnapshot:
    """One action with the platform's own ids. `resumed`: an earlier attempt was interrupted and may have succeeded."""

    action_id: int
    kind: ActionKind
    platform: str
    options: Mapping[str, Any]
    token: str
    amount_cents: int
    reason: str
    parameters: Mapping[str, Any]
    assignment_id: str | None
    worker_id: str | None
    hit_id: str | None
    external_ref: str
    first_sent_at: datetime
    resumed: bool


@dataclass(frozen=True)
class ActionResult:
    """The platform's result, in words; `hit` is the changed HIT, if any."""

    outcome: str
    hit: Mapping[str, Any] | None = None
    assignment_status: str | None = None
    external_ref: str = ""


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
        reason=action.reason,
        parameters=action.parameters,
        assignment_id=_assignment_id(db, action),
        worker_id=_worker_id(db, action),
        hit_id=task.external_id if task else None,
        external_ref=action.external_ref,
        first_sent_at=action.first_sent_at or now,
        resumed=resumed,
    )


def require_holder(snapshot: ActionSnapshot, holder: str) -> None:
    """Raises PlatformFault if the platform says that the assignment belongs to another worker than the text."""
    if snapshot.worker_id and holder and holder != snapshot.worker_id:
        raise PlatformFault(
            "Nothing was sent: at the marketplace, another worker handed in this assignment than the one whose id this "
            "text bears. Ids of returned work go to the next worker, and anybody can make up a link."
        )


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
