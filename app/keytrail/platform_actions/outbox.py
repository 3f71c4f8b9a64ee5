"""The outbox: requests to platforms are queued first, and sent in a separate step.

An action is claimed in one transaction, performed, and settled in another. Whatever happens in between, the row says
that it was started, and its token or the platform's own state shows the result.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from keytrail.errors import BadRequest, Conflict, NotFound
from keytrail.models import ActionKind, ActionState, AuditAction, PlatformAction, Study
from keytrail.platform_actions.kinds import COMMITTING
from keytrail.platform_actions.ledger import charged_currency
from keytrail.platform_actions.spending import require_budgets, require_sender
from keytrail.users.audit_log import record_action

# After this long without an answer the sender is considered dead. A live one that is slower uses the same token.
_HELD_FOR = timedelta(minutes=2)
_MAX_TOKEN = 64
# MTurk: RequesterFeedback.
_MAX_FEEDBACK = 1024
# Certainly not done, so that it can be cancelled.
UNSENT = (ActionState.QUEUED, ActionState.FAILED)
_OPEN = (*UNSENT, ActionState.UNSURE)


@dataclass(frozen=True)
class Order:
    """A request to a platform. `token` comes from a form, so that submitting the form twice queues once."""

    kind: ActionKind
    submission_id: int | None = None
    worker_id: int | None = None
    item_id: int | None = None
    task_id: int | None = None
    amount_cents: int = 0
    fee_cents: int = 0
    reason: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    token: str = ""


def new_token() -> str:
    """Return a token that no other installation creates: 32 characters, where MTurk takes 64."""
    return secrets.token_hex(16)


def queue(db: Session, study: Study, order: Order, user_id: int | None, now: datetime) -> PlatformAction:
    """Queue an action. With a known token nothing is added.

    Raises BadRequest for an invalid token, and Forbidden for what commits money unless the user may send it.
    """
    if order.kind in COMMITTING:
        require_sender(db, study.id, order.kind, user_id)
    token = order.token or new_token()
    if len(token) > _MAX_TOKEN or not token.isalnum():
        raise BadRequest("This form is incomplete. Open the page again.", code="bad_token")
    # A new token is in no row yet.
    known = _queued_before(db, study, token) if order.token else None
    if known is not None:
        return known
    action = PlatformAction(
        study_id=study.id,
        kind=order.kind,
        state=ActionState.QUEUED,
        token=token,
        submission_id=order.submission_id,
        worker_id=order.worker_id,
        item_id=order.item_id,
        task_id=order.task_id,
        amount_cents=order.amount_cents,
        fee_cents=order.fee_cents,
        currency=charged_currency(study),
        reason=order.reason,
        parameters=dict(order.parameters),
        queued_by_id=user_id,
        queued_at=now,
    )
    db.add(action)
    db.flush()
    note(db, action, user_id, AuditAction.PAYMENT_QUEUE, now)
    return action


def _queued_before(db: Session, study: Study, token: str) -> PlatformAction | None:
    """Return the action of a form that was sent before; one that is sent twice at the same moment waits here."""
    db.execute(select(Study.id).where(Study.id == study.id).with_for_update(key_share=True))
    return db.scalar(select(PlatformAction).where(PlatformAction.token == token))


def get_action(db: Session, study_id: int, action_id: int) -> PlatformAction:
    """Return an action of a study, locked. Raises NotFound."""
    action = db.scalar(
        select(PlatformAction)
        .where(PlatformAction.id == action_id, PlatformAction.study_id == study_id)
        .with_for_update()
    )
    if action is None:
        raise NotFound("There is no such payment action in this study.")
    return action


def is_being_sent(action: PlatformAction, now: datetime) -> bool:
    """Whether somebody has claimed an action whose sender may still be at work."""
    since = action.sending_since
    return action.state == ActionState.SENDING and since is not None and now - since < _HELD_FOR


def claim(db: Session, action: PlatformAction, user_id: int | None, now: datetime, *, again: bool = False) -> bool:
    """Claim an action for sending; True if an earlier attempt was interrupted.

    Raises Forbidden unless the user may send it; Conflict if it is done, cancelled, being sent, or unsure without
    `again`, and if it exceeds a budget.
    """
    require_sender(db, action.study_id, ActionKind(action.kind), user_id)
    resumed = action.state == ActionState.SENDING
    if is_being_sent(action, now):
        raise Conflict("This is being sent. Reload the page in two minutes.", code="being_sent")
    if action.state in {ActionState.SENT, ActionState.CANCELLED}:
        raise Conflict(f"This was {action.state} already.", code="already_ended")
    if action.state == ActionState.UNSURE and not again:
        raise Conflict(
            "It is not known whether the platform did this. Check there first, then mark it as done or send it again.",
            code="unsure",
        )
    if not resumed and action.kind in COMMITTING:
        study = db.get_one(Study, action.study_id)
        require_budgets(db, study, action.amount_cents + action.fee_cents, now)
    action.state = ActionState.SENDING
    action.sending_since = now
    action.first_sent_at = action.first_sent_at or now
    action.sent_by_id = user_id
    action.tries += 1
    note(db, action, user_id, AuditAction.PAYMENT_SEND, now)
    return resumed


_ANSWERED: Final = {
    ActionState.SENDING: AuditAction.PAYMENT_NO_ANSWER,
    ActionState.SENT: AuditAction.PAYMENT_SENT,
    ActionState.FAILED: AuditAction.PAYMENT_FAILED,
    ActionState.UNSURE: AuditAction.PAYMENT_UNSURE,
}
"""The audit log's wording of an answer."""


def settle(db: Session, action: PlatformAction, state: ActionState, outcome: str, now: datetime) -> None:
    """Record the platform's answer, or with SENDING that there was none. A settled action does not change."""
    if action.state == ActionState.SENT:
        return
    action.state = state
    action.outcome = outcome
    if state == ActionState.SENDING:
        action.sending_since = None
    else:
        action.ended_at = now
    note(db, action, action.sent_by_id, _ANSWERED[state], now)


def cancel(db: Session, action: PlatformAction, user_id: int | None, now: datetime) -> None:
    """Cancel an action that has not been sent. Raises Conflict otherwise."""
    if action.state not in UNSENT:
        raise Conflict("Only what has not been sent can be cancelled.", code="already_sent")
    action.state = ActionState.CANCELLED
    action.ended_at = now
    note(db, action, user_id, AuditAction.PAYMENT_CANCEL, now)


def mark_done(db: Session, action: PlatformAction, user_id: int | None, now: datetime) -> None:
    """Record that a person did it at the platform. Raises Forbidden unless they may send it, Conflict if nothing is to
    be done.
    """
    require_sender(db, action.study_id, ActionKind(action.kind), user_id)
    if action.state not in _OPEN:
        raise Conflict(f"This is {action.state}; there is nothing to mark.", code="already_ended")
    action.state = ActionState.SENT
    action.sent_by_id = user_id
    action.ended_at = now
    action.outcome = "Done by hand at the platform."
    note(db, action, user_id, AuditAction.PAYMENT_MARK_DONE, now)


def set_reason(action: PlatformAction, reason: str) -> None:
    """Change the reason for the worker. Raises Conflict once it was sent, BadRequest for an empty one."""
    if action.state not in UNSENT:
        raise Conflict("It was sent already.", code="already_sent")
    reason = reason.strip()
    if not 1 <= len(reason) <= _MAX_FEEDBACK:
        raise BadRequest("Enter 1 to 1,024 characters; the worker sees this text.", code="reason_missing")
    action.reason = reason


def note(db: Session, action: PlatformAction, user_id: int | None, what: AuditAction, now: datetime) -> None:
    """Record who did what to an action."""
    detail = {"action": action.id, "kind": action.kind, "cents": action.amount_cents}
    record_action(db, what, now, user_id=user_id, study_id=action.study_id, detail=detail)
