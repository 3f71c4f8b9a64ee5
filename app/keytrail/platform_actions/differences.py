"""Find differences between the platform and this installation, and unfinished work, for a person to resolve."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
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
from keytrail.platform_actions.assignments import assignment_id_of
from keytrail.platform_actions.expected_fees import reward_fee
from keytrail.platform_actions.outbox import Order, queue, set_reason
from keytrail.platform_actions.spending import require_sender
from keytrail.platforms.statuses import AssignmentStage, ProlificSubmission, assignment_statuses

_UNDECIDED = assignment_statuses(AssignmentStage.SUBMITTED)
# Not those who were screened out: an owner does that after a submission too.
_NOT_SUBMITTED = (
    *assignment_statuses(AssignmentStage.RESERVED, AssignmentStage.WORKING, AssignmentStage.TIMED_OUT),
    ProlificSubmission.RETURNED,
)
_MOST = 200
READ_FROM_DIFFERENCES: Final = {"table": "differences"}
"""What the audit log says of whoever reads the ids of work that differs."""


@dataclass(frozen=True)
class Unmatched:
    """Submitted at the platform and not decided there, without a text here. `began`: the worker opened the task."""

    number: int
    assignment_id: str
    status: str
    began: bool
    waits: str


@dataclass(frozen=True)
class Ruling:
    """A person's choice for the work of this number: approval, or rejection with feedback for the worker."""

    number: int
    kind: ActionKind
    feedback: str = ""


@dataclass(frozen=True)
class Unclaimed:
    """A text here whose worker did not submit the task at the platform."""

    public_id: str
    assignment_id: str


@dataclass(frozen=True)
class OneOfSeveral:
    """One of several texts under one assignment's id, each by another worker.

    `holds`: the platform names this worker.
    """

    assignment_id: str
    public_id: str
    worker: str
    holds: bool


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
    shared_ids: Sequence[OneOfSeveral]
    unfinished: Sequence[Unfinished]

    @property
    def assignment_ids(self) -> Sequence[str]:
        """The platform's ids of all this work. Whoever reads them is recorded in the audit log."""
        ids = [
            *(there.assignment_id for there in self.only_there),
            *(here.assignment_id for here in self.only_here),
            *(shared.assignment_id for shared in self.shared_ids),
        ]
        return list(dict.fromkeys(one for one in ids if one))


def differences(db: Session, study: Study, now: datetime) -> Differences:
    """Return what a person should check."""
    return Differences(
        _only_there(db, study), _only_here(db, study), _shared_ids(db, study), _unfinished(db, study, now)
    )


def queue_unmatched(db: Session, study: Study, ruling: Ruling, user_id: int | None, now: datetime) -> PlatformAction:
    """Queue the approval or rejection of work that has no text here.

    Raises Forbidden unless the user may publish and pay, NotFound for an unknown number, Conflict if the platform's id
    is gone or another action waits for it, BadRequest for a rejection without feedback.
    """
    require_sender(db, study.id, ruling.kind, user_id)
    known = db.scalar(
        select(PlatformAssignment)
        .where(PlatformAssignment.id == ruling.number, PlatformAssignment.study_id == study.id)
        .with_for_update()
    )
    if known is None:
        raise NotFound("There is no such assignment in this study.")
    if ruling.number in _waiting(db, study):
        raise Conflict("This is already queued.", code="waits_already")
    if not assignment_id_of(db, known):
        raise Conflict("The platform's id of this assignment is no longer stored here.", code="no_identity")
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
    sessions = (
        select(WritingSession.id)
        .join(Worker, Worker.id == WritingSession.worker_id)
        .where(_about())
        .correlate(PlatformAssignment)
    )
    own_id = (
        select(AssignmentIdentity.assignment_id)
        .join(WritingSession, WritingSession.id == AssignmentIdentity.session_id)
        .where(
            WritingSession.study_id == PlatformAssignment.study_id,
            WritingSession.assignment_pseudonym == PlatformAssignment.pseudonym,
        )
        .limit(1)
        .correlate(PlatformAssignment)
        .scalar_subquery()
    )
    rows = db.execute(
        select(PlatformAssignment, own_id, sessions.exists())
        .where(PlatformAssignment.study_id == study.id, PlatformAssignment.status.in_(_UNDECIDED))
        .where(~sessions.where(WritingSession.state == SessionState.SUBMITTED).exists())
        .order_by(PlatformAssignment.id.desc())
        .limit(_MOST)
    ).all()
    waiting = _waiting(db, study) if rows else {}
    return [
        Unmatched(known.id, known.clear_id or own or "", known.status, bool(began), waiting.get(known.id, ""))
        for known, own, began in rows
    ]


def _about() -> ColumnElement[bool]:
    """Condition: the platform's status of an assignment is about a session whose worker is joined."""
    return (
        (WritingSession.study_id == PlatformAssignment.study_id)
        & (WritingSession.assignment_pseudonym == PlatformAssignment.pseudonym)
        & or_(PlatformAssignment.worker_pseudonym.is_(None), PlatformAssignment.worker_pseudonym == Worker.pseudonym)
    )


def _waiting(db: Session, study: Study) -> dict[int, str]:
    """Return what is queued for work without a text, by the assignment's number."""
    over = (ActionState.SENT, ActionState.CANCELLED)
    query = select(PlatformAction).where(
        PlatformAction.study_id == study.id,
        PlatformAction.submission_id.is_(None),
        PlatformAction.kind.in_((ActionKind.APPROVE, ActionKind.REJECT)),
        PlatformAction.state.not_in(over),
    )
    return {int(action.parameters.get("unmatched", 0)): str(action.kind) for action in db.scalars(query)}


def _only_here(db: Session, study: Study) -> Sequence[Unclaimed]:
    status_report = exists().where(_about()).correlate(WritingSession, Worker)
    # The platform listed everything of this task after the text was submitted, and not this.
    left_out = (
        _submitted(study)
        .join(PlatformTask, PlatformTask.external_id == AssignmentIdentity.task_id)
        .where(PlatformTask.study_id == study.id, WritingSession.ended_at < PlatformTask.synced_at, ~status_report)
    )
    contradicted = _submitted(study).where(status_report.where(PlatformAssignment.status.in_(_NOT_SUBMITTED)))
    rows = [*db.execute(left_out), *db.execute(contradicted)]
    return [Unclaimed(public_id, own_id) for public_id, own_id in rows]


def _shared_ids(db: Session, study: Study) -> Sequence[OneOfSeveral]:
    """Return texts of several workers under one id. Only the platform can say whose the id is."""
    several = (
        select(WritingSession.assignment_pseudonym)
        .where(WritingSession.study_id == study.id, WritingSession.state == SessionState.SUBMITTED)
        .group_by(WritingSession.assignment_pseudonym)
        .having(func.count(WritingSession.worker_id.distinct()) > 1)
    )
    rows = db.execute(
        _submitted(study)
        .add_columns(Worker.pseudonym, PlatformAssignment.worker_pseudonym)
        .outerjoin(
            PlatformAssignment,
            (PlatformAssignment.study_id == WritingSession.study_id)
            & (PlatformAssignment.pseudonym == WritingSession.assignment_pseudonym),
        )
        .where(WritingSession.assignment_pseudonym.in_(several))
        .order_by(None)
        .order_by(AssignmentIdentity.assignment_id, Submission.id)
    )
    return [OneOfSeveral(own_id, public_id, worker, worker == holder) for public_id, own_id, worker, holder in rows]


def _submitted(study: Study) -> Select[str, str]:
    return (
        select(Submission.public_id, AssignmentIdentity.assignment_id)
        .join(WritingSession, WritingSession.id == Submission.session_id)
        .join(Worker, Worker.id == WritingSession.worker_id)
        .join(AssignmentIdentity, AssignmentIdentity.session_id == WritingSession.id)
        .where(Submission.study_id == study.id)
        .order_by(Submission.id.desc())
        .limit(_MOST)
    )


def _unfinished(db: Session, study: Study, now: datetime) -> Sequence[Unfinished]:
    rows = db.execute(
        select(
            Worker.pseudonym,
            func.coalesce(func.nullif(Item.title, ""), Item.key),
            WritingSession.consented_at,
            WritingSession.expires_at,
        )
        .join(Worker, Worker.id == WritingSession.worker_id)
        .join(Item, Item.id == WritingSession.item_id)
        .where(WritingSession.study_id == study.id, WritingSession.state == SessionState.OPEN)
        .order_by(WritingSession.id.desc())
        .limit(_MOST)
    )
    return [Unfinished(worker, item, began, ends, ends <= now) for worker, item, began, ends in rows]
