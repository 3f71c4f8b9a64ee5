"""Queue the platform action that follows from a reviewer's decision. Nothing is sent here."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from keytrail.models import (
    ActionKind,
    ActionState,
    AssignmentIdentity,
    Decision,
    DecisionKind,
    PlatformAction,
    Submission,
    User,
)
from keytrail.platform_actions.expected_fees import reward_fee
from keytrail.platform_actions.kinds import INSTEAD_OF_REJECTION, SETTLING
from keytrail.platform_actions.outbox import Order, cancel, queue

_KINDS = {
    DecisionKind.ACCEPT: ActionKind.APPROVE,
    DecisionKind.EXCLUDE: ActionKind.APPROVE,
    DecisionKind.PROPOSE_REJECTION: ActionKind.REJECT,
}
_WAITING = (ActionState.QUEUED, ActionState.FAILED)
_PAID = (ActionKind.APPROVE, ActionKind.PART_PAY, ActionKind.SCREEN_OUT)


def queue_for_decision(
    db: Session, submission: Submission, decision: Decision, user: User, now: datetime, *, feedback: str = ""
) -> PlatformAction | None:
    """Queue what the current decision requires and cancel what it no longer requires; None if there is nothing to send.

    Call it after the submission's settlement was updated; its study must be loaded, and its row locked, so that two
    decisions at once queue one action. Work that is excluded from the data is paid like accepted work. Nothing is
    queued while more reviewers are required, or for work that no platform holds. `feedback` is what the worker would be
    told about a rejection; the sender can change it.
    """
    wanted = _wanted(submission)
    before = _actions_of(db, submission)
    sent = [action for action in before if action.state not in {*_WAITING, ActionState.CANCELLED}]
    waiting = [action for action in before if action.state in _WAITING]
    fitting = {wanted, *INSTEAD_OF_REJECTION} if wanted == ActionKind.REJECT else {wanted}
    for action in waiting:
        if action.kind not in fitting:
            cancel(db, action, user.id, now)
    fitting_action = next((action for action in waiting if action.kind in fitting), None)
    if wanted is None or fitting_action is not None:
        return fitting_action
    if any(action.kind in {wanted, *_PAID} for action in sent):
        return None
    identity = db.get(AssignmentIdentity, submission.session_id)
    if identity is None:
        return None
    rejecting = wanted == ActionKind.REJECT
    order = Order(
        wanted,
        submission_id=submission.id,
        amount_cents=0 if rejecting else submission.study.reward_cents,
        fee_cents=0 if rejecting else reward_fee(db, submission.study, identity.task_id),
        reason=feedback if rejecting else "",
        parameters={"override": any(action.kind == ActionKind.REJECT for action in sent), "decision": decision.id},
    )
    return queue(db, submission.study, order, user.id, now)


def queued_by(db: Session, decisions: Sequence[Decision]) -> Sequence[PlatformAction]:
    """Return what these decisions queued, as far as it still waits to be sent."""
    numbers = {decision.id for decision in decisions}
    query = select(PlatformAction).where(
        PlatformAction.submission_id.in_({decision.submission_id for decision in decisions}),
        PlatformAction.kind.in_(set(_KINDS.values())),
        PlatformAction.state == ActionState.QUEUED,
    )
    return [action for action in db.scalars(query) if action.parameters.get("decision") in numbers]


def _wanted(submission: Submission) -> ActionKind | None:
    if not submission.settled or submission.decision is None:
        return None
    wanted = _KINDS.get(DecisionKind(submission.decision))
    # A rejection waits until the worker's objection is answered.
    return None if submission.objected and wanted == ActionKind.REJECT else wanted


def hold_rejection(db: Session, submission: Submission, now: datetime) -> int:
    """Take back a rejection that was not sent yet, because the worker objects; how many there were."""
    held = [one for one in _actions_of(db, submission) if one.state in _WAITING and one.kind == ActionKind.REJECT]
    for action in held:
        cancel(db, action, None, now)
    return len(held)


def rejection_begun(db: Session, submission: Submission) -> bool:
    """Whether a rejection was sent, is being sent, or may have been."""
    states = {one.state for one in _actions_of(db, submission) if one.kind == ActionKind.REJECT}
    return bool(states - {*_WAITING, ActionState.CANCELLED})


def _actions_of(db: Session, submission: Submission) -> Sequence[PlatformAction]:
    return db.scalars(
        select(PlatformAction)
        .where(
            PlatformAction.submission_id == submission.id,
            PlatformAction.kind.in_(SETTLING),
        )
        .order_by(PlatformAction.id)
    ).all()
