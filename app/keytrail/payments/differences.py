"""Where the platform and we disagree, and work that was begun and not finished: for a person to look at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from keytrail.errors import Conflict, NotFound
from keytrail.models import (
    ActionKind,
    ActionState,
    AssignmentIdentity,
    Item,
    PlatformAction,
    PlatformAssignment,
    PlatformTask,
    SessionState,
    Study,
    Submission,
    Worker,
    WritingSession,
)
from keytrail.payments.assignments import assignment_id_of
from keytrail.payments.deciding import reward_fee
from keytrail.payments.outbox import Order, queue, set_reason

_UNDECIDED = ("Submitted", "AWAITING REVIEW")
_NOT_HANDED_IN = ("RESERVED", "ACTIVE", "TIMED-OUT", "RETURNED")
_MOST = 200


@dataclass(frozen=True)
class Unmatched:
    """Handed in at the platform and not decided there, without a text here. `began`: the worker opened the task."""

    number: int
    assignment_id: str
    status: str
    began: bool
    waits: str


@dataclass(frozen=True)
class Ruling:
    """What a person wants for the work of this number: approval, or rejection with what the worker is told."""

    number: int
    kind: ActionKind
    feedback: str = ""


@dataclass(frozen=True)
class Unclaimed:
    """A text here whose worker did not hand the task in at the platform."""

    public_id: str
    assignment_id: str


@dataclass(frozen=True)
class Unfinished:
    """Begun here and not submitted. `over`: the worker's time is up, and the place is free."""

    worker: str
    item: str
    began_at: datetime
    ends_at: datetime
    over: bool


@dataclass(frozen=True)
class Differences:
    """As of the last comparison or message; each list holds the newest 200."""

    only_there: Sequence[Unmatched]
    only_here: Sequence[Unclaimed]
    unfinished: Sequence[Unfinished]


def differences(db: Session, study: Study, now: datetime) -> Differences:
    """What a person should look at."""
    return Differences(_only_there(db, study), _only_here(db, study), _unfinished(db, study, now))


def queue_unmatched(db: Session, study: Study, ruling: Ruling, user_id: int | None, now: datetime) -> PlatformAction:
    """Queue the approval or rejection of work that has no text here.

    Raises NotFound for an unknown number, Conflict if the platform's id is gone or another action waits for it,
    BadRequest for a rejection that tells the worker nothing.
    """
    known = db.scalar(
        select(PlatformAssignment)
        .where(PlatformAssignment.id == ruling.number, PlatformAssignment.study_id == study.id)
        .with_for_update()
    )
    if known is None:
        raise NotFound("There is no such assignment in this study.")
    if ruling.number in _waiting(db, study):
        raise Conflict("This waits to be sent already.", code="waits_already")
    if not assignment_id_of(db, known):
        raise Conflict("The platform's id of this assignment is not known here any more.", code="no_identity")
    rejecting = ruling.kind == ActionKind.REJECT
    order = Order(
        ruling.kind,
        amount_cents=0 if rejecting else study.reward_cents,
        fee_cents=0 if rejecting else reward_fee(db, study, None),
        parameters={"unmatched": ruling.number},
    )
    action = queue(db, study, order, user_id, now)
    if rejecting or ruling.feedback.strip():
        set_reason(action, ruling.feedback)
    return action


def _only_there(db: Session, study: Study) -> Sequence[Unmatched]:
    same = (WritingSession.study_id == PlatformAssignment.study_id) & (
        WritingSession.assignment_pseudonym == PlatformAssignment.pseudonym
    )
    rows = db.execute(
        select(PlatformAssignment, AssignmentIdentity.assignment_id)
        .outerjoin(WritingSession, same)
        .outerjoin(AssignmentIdentity, AssignmentIdentity.session_id == WritingSession.id)
        .where(PlatformAssignment.study_id == study.id, PlatformAssignment.status.in_(_UNDECIDED))
        .where((WritingSession.id.is_(None)) | (WritingSession.state != SessionState.SUBMITTED))
        .order_by(PlatformAssignment.id.desc())
        .limit(_MOST)
    ).all()
    waiting = _waiting(db, study) if rows else {}
    return [
        Unmatched(known.id, known.clear_id or own_id or "", known.status, own_id is not None, waiting.get(known.id, ""))
        for known, own_id in rows
    ]


def _waiting(db: Session, study: Study) -> dict[int, str]:
    """What is queued for work without a text, by the assignment's number."""
    over = (ActionState.SENT, ActionState.CANCELLED)
    query = select(PlatformAction).where(
        PlatformAction.study_id == study.id,
        PlatformAction.submission_id.is_(None),
        PlatformAction.kind.in_((ActionKind.APPROVE, ActionKind.REJECT)),
        PlatformAction.state.not_in(over),
    )
    return {int(action.parameters.get("unmatched", 0)): str(action.kind) for action in db.scalars(query)}


def _only_here(db: Session, study: Study) -> Sequence[Unclaimed]:
    heard = select(PlatformAssignment.pseudonym).where(PlatformAssignment.study_id == study.id)
    # The platform listed everything of this task after the text was in, and not this.
    left_out = (
        _submitted(study)
        .join(PlatformTask, PlatformTask.external_id == AssignmentIdentity.task_id)
        .where(
            PlatformTask.study_id == study.id,
            WritingSession.ended_at < PlatformTask.synced_at,
            WritingSession.assignment_pseudonym.not_in(heard),
        )
    )
    said_otherwise = _submitted(study).where(
        WritingSession.assignment_pseudonym.in_(heard.where(PlatformAssignment.status.in_(_NOT_HANDED_IN)))
    )
    rows = [*db.execute(left_out), *db.execute(said_otherwise)]
    return [Unclaimed(public_id, own_id) for public_id, own_id in rows]


def _submitted(study: Study) -> Select[str, str]:
    return (
        select(Submission.public_id, AssignmentIdentity.assignment_id)
        .join(WritingSession, WritingSession.id == Submission.session_id)
        .join(AssignmentIdentity, AssignmentIdentity.session_id == WritingSession.id)
        .where(Submission.study_id == study.id)
        .order_by(Submission.id.desc())
        .limit(_MOST)
    )


def _unfinished(db: Session, study: Study, now: datetime) -> Sequence[Unfinished]:
    rows = db.execute(
        select(Worker.pseudonym, Item.key, WritingSession.consented_at, WritingSession.expires_at)
        .join(Worker, Worker.id == WritingSession.worker_id)
        .join(Item, Item.id == WritingSession.item_id)
        .where(WritingSession.study_id == study.id, WritingSession.state == SessionState.OPEN)
        .order_by(WritingSession.id.desc())
        .limit(_MOST)
    )
    return [Unfinished(worker, item, began, ends, ends <= now) for worker, item, began, ends in rows]
