"""Resolve a proposed rejection: by a rejection with the platform's grounds, or by something milder.

Nothing here is done by a program: each choice is one person's for one submission, and is sent as a step of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from keytrail.errors import BadRequest, Conflict
from keytrail.models import ActionKind, PlatformAction, PlatformPlan, Study
from keytrail.platform_actions.expected_fees import bonus_fee
from keytrail.platform_actions.kinds import INSTEAD_OF_REJECTION, capability_for
from keytrail.platform_actions.outbox import UNSENT, Order, cancel, queue, set_reason
from keytrail.platform_actions.spending import require_sender
from keytrail.platforms.money import percentage_of
from keytrail.platforms.prolific import (
    LEAST_PERCENTAGE,
    MOST_PERCENTAGE,
)
from keytrail.platforms.registry import capabilities_of, platform_class

CHOOSABLE = (ActionKind.REJECT, *INSTEAD_OF_REJECTION)


@dataclass(frozen=True)
class Choice:
    """What is to become of a submission, and what its worker is told. `category` is a rejection's ground at Prolific,
    `percentage` the share of the reward that is paid.
    """

    kind: ActionKind
    reason: str = ""
    category: str = ""
    percentage: int = 0


def choose(
    db: Session, study: Study, action: PlatformAction, choice: Choice, user_id: int | None, now: datetime
) -> PlatformAction:
    """Put a choice in the place of a proposed rejection, or of an earlier choice.

    Raises Forbidden unless the user may send it, Conflict if it was sent already or the platform cannot be asked for
    it, BadRequest for a choice that the platform would refuse.
    """
    require_sender(db, study.id, choice.kind, user_id)
    if action.kind not in CHOOSABLE or action.state not in UNSENT:
        raise Conflict("There is no rejection that waits any more. Open Payments again.", code="nothing_waits")
    instead = capabilities_of(study.platform).instead(capability_for(choice.kind))
    if instead:
        raise Conflict(instead, code="cannot_ask")
    parameters = _parameters(study, choice)
    if choice.kind == action.kind:
        set_reason(action, choice.reason)
        action.parameters = {**action.parameters, **parameters}
        return action
    cancel(db, action, user_id, now)
    amount = _amount(db, study, choice)
    unchanged = {name: value for name, value in action.parameters.items() if name in {"unmatched", "decision"}}
    order = Order(
        choice.kind,
        submission_id=action.submission_id,
        amount_cents=amount,
        fee_cents=bonus_fee(db, study, amount),
        reason=choice.reason.strip(),
        parameters={**unchanged, **parameters},
    )
    return queue(db, study, order, user_id, now)


def _amount(db: Session, study: Study, choice: Choice) -> int:
    """What the worker gets, in cents; 0 for a screen-out of a study that was not drafted here, whose payment only the
    platform knows.
    """
    if choice.kind == ActionKind.SCREEN_OUT:
        plan = db.get(PlatformPlan, study.id)
        return round(Decimal(str(plan.options.get("screen_out", 0))) * 100) if plan is not None else 0
    return percentage_of(study.reward_cents, choice.percentage)


def _parameters(study: Study, choice: Choice) -> Mapping[str, Any]:
    """What the platform wants to know beside the words. Raises BadRequest."""
    words = len(choice.reason.strip())
    platform = platform_class(study.platform)
    if choice.kind == ActionKind.REJECT and platform.rejection.grounds:
        if choice.category not in platform.rejection.grounds:
            raise BadRequest(f"Choose one of {platform.label}'s grounds for rejecting.", code="ground_missing")
        least = platform.rejection.least_letters
        if words < least:
            raise BadRequest(
                f"{platform.label} wants at least {least} characters to the participant; these are {words}.",
                code="reason_short",
            )
        return {"category": choice.category}
    if choice.kind == ActionKind.PART_PAY:
        if not LEAST_PERCENTAGE <= choice.percentage <= MOST_PERCENTAGE:
            raise BadRequest(
                f"A part of the reward is {LEAST_PERCENTAGE} to {MOST_PERCENTAGE} % of it.", code="bad_percentage"
            )
        return {"percentage": choice.percentage}
    if choice.kind in {ActionKind.RETURN, ActionKind.REJECT} and not words:
        raise BadRequest("Say why; the participant reads it.", code="reason_missing")
    return {}
