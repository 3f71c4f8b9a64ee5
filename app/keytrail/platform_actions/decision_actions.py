"""From a reviewer's decision to what could be sent for it. Nothing is sent here."""

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
    """Queue what the standing decision asks for, cancel what it no longer asks for; None if there is nothing to send.

    Call it after the submission's standing was brought up to date; its study must be loaded, and its row locked, so
    that two decisions at once queue one action. Work that is excluded from the data is paid like accepted work. Nothing
    is queued while more reviewers are asked for, or for work that no platform holds. `feedback` is what the worker
    would be told of a rejection; the sender can change it.
    """
    wanted = _wanted(submission)
    before = _actions_of(db, submission)
    sent = [action for action in before if action.state not in {*_WAITING, ActionState.CANCELLED}]
    waiting = [action for action in before if action.state in _WAITING]
    fitting = {wanted, *INSTEAD_OF_REJECTION} if wanted == ActionKind.REJECT else {wanted}
    for action in waiting:
        if action.kind not in fitting:
            cancel(db, action, user.id, now)
    kept = next((action for action in waiting if action.kind in fitting), None)
    if wanted is None or kept is not None:
        return kept
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


def _wanted(submission: Submission) -> ActionKind | None:
    if not submission.settled or submission.decision is None:
        return None
    return _KINDS.get(DecisionKind(submission.decision))


def _actions_of(db: Session, submission: Submission) -> Sequence[PlatformAction]:
    return db.scalars(
        select(PlatformAction)
        .where(
            PlatformAction.submission_id == submission.id,
            PlatformAction.kind.in_(SETTLING),
        )
        .order_by(PlatformAction.id)
    ).all()
