"""The list of actions that a person performs manually at the platform."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from keytrail.models import (
    ActionKind,
    ActionState,
    AssignmentIdentity,
    PlatformAction,
    PlatformAssignment,
    Study,
    Submission,
    Worker,
    WorkerIdentity,
)
from keytrail.platform_actions.assignments import assignment_id_of
from keytrail.platform_actions.kinds import SETTLING

ABOUT_WORKERS = (*SETTLING, ActionKind.BONUS, ActionKind.MESSAGE, ActionKind.EXCLUDE, ActionKind.READMIT)
_WAITING = (ActionState.QUEUED, ActionState.FAILED, ActionState.UNSURE)


@dataclass(frozen=True)
class ManualAction:
    """A queued action with the platform's ids; an unknown id is empty. `worker` is a pseudonym."""

    number: int
    kind: ActionKind
    platform_id: str
    assignment_id: str
    amount_cents: int
    currency: str
    message: str
    worker: str
    receipt: str


def manual_actions(db: Session, study: Study) -> Sequence[ManualAction]:
    """Return every queued action about a worker, oldest first."""
    query = (
        select(
            PlatformAction,
            Worker.pseudonym,
            WorkerIdentity.platform_worker_id,
            AssignmentIdentity.assignment_id,
            Submission.public_id,
        )
        .outerjoin(Submission, Submission.id == PlatformAction.submission_id)
        .outerjoin(AssignmentIdentity, AssignmentIdentity.session_id == Submission.session_id)
        .outerjoin(Worker, Worker.id == func.coalesce(Submission.worker_id, PlatformAction.worker_id))
        .outerjoin(WorkerIdentity, WorkerIdentity.worker_id == Worker.id)
        .where(
            PlatformAction.study_id == study.id,
            PlatformAction.state.in_(_WAITING),
            PlatformAction.kind.in_(ABOUT_WORKERS),
        )
        .order_by(PlatformAction.id)
    )
    return [
        ManualAction(
            number=action.id,
            kind=ActionKind(action.kind),
            platform_id=platform_id or "",
            assignment_id=assignment_id or _unmatched(db, action),
            amount_cents=action.amount_cents,
            currency=action.currency,
            message=action.reason,
            worker=pseudonym or "",
            receipt=receipt or "",
        )
        for action, pseudonym, platform_id, assignment_id, receipt in db.execute(query)
    ]


def _unmatched(db: Session, action: PlatformAction) -> str:
    known = db.get(PlatformAssignment, action.parameters.get("unmatched", 0))
    return (assignment_id_of(db, known) or "") if known is not None else ""
