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
    PlatformTask,
    Study,
    Submission,
    User,
)
from keytrail.platform_actions.outbox import Order, cancel, queue
from keytrail.platforms.fees import mturk_reward_fee

_KINDS = {
    DecisionKind.ACCEPT: ActionKind.APPROVE,
    DecisionKind.EXCLUDE: ActionKind.APPROVE,
    DecisionKind.PROPOSE_REJECTION: ActionKind.REJECT,
}
_WAITING = (ActionState.QUEUED, ActionState.FAILED)


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
    for action in before:
        if action.state in _WAITING and action.kind != wanted:
            cancel(db, action, user.id, now)
    if wanted is None or any(action.state in _WAITING and action.kind == wanted for action in before):
        return next((action for action in before if action.state in _WAITING and action.kind == wanted), None)
    if any(action.kind in {wanted, ActionKind.APPROVE} for action in sent):
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
            PlatformAction.kind.in_((ActionKind.APPROVE, ActionKind.REJECT)),
        )
        .order_by(PlatformAction.id)
    ).all()


def reward_fee(db: Session, study: Study, hit_id: str | None) -> int:
    """The fee for one assignment, where we know the platform's fees."""
    if study.platform != "mturk":
        return 0
    query = select(PlatformTask.places).where(PlatformTask.study_id == study.id, PlatformTask.external_id == hit_id)
    places = db.scalar(query) if hit_id else None
    return mturk_reward_fee(study.reward_cents, places or study.places_per_item)
