"""The outbox as people read it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from keytrail.models import ActionKind, ActionState, PlatformAction, Study
from keytrail.platform_actions.kinds import ABOUT_TASKS, capability_for
from keytrail.platform_actions.ledger import totals
from keytrail.platform_actions.outbox import UNSENT
from keytrail.platform_actions.rejections import CHOOSABLE
from keytrail.platforms.money import money
from keytrail.platforms.registry import api_is_optional, capabilities_of

_MOST = 500
_ENDED = (ActionState.SENT, ActionState.CANCELLED)
_WORDS = {
    ActionKind.DRAFT: "Create a draft",
    ActionKind.PUBLISH: "Publish",
    ActionKind.EXTEND: "Add places",
    ActionKind.PAUSE: "Pause",
    ActionKind.RESUME: "Resume",
    ActionKind.EXPIRE: "End",
    ActionKind.APPROVE: "Approve",
    ActionKind.REJECT: "Reject",
    ActionKind.RETURN: "Ask for return",
    ActionKind.PART_PAY: "Pay in part",
    ActionKind.SCREEN_OUT: "Screen out",
    ActionKind.BONUS: "Bonus",
    ActionKind.EXCLUDE: "Exclude",
    ActionKind.READMIT: "Readmit",
    ActionKind.MESSAGE: "Message",
}


@dataclass(frozen=True)
class ActionLine:
    """One action in words. `instead` says what to do where it cannot be sent; `can_…` what a person is offered.

    `choice` is the page on which a person chooses between rejecting and something milder, where there is one.
    """

    id: int
    kind: str
    word: str
    state: str
    about: str
    link: str
    amount: str
    fee: str
    reason: str
    outcome: str
    choice: str
    instead: str
    queued_by: str
    queued_at: datetime
    sent_by: str
    ended_at: datetime | None
    tries: int
    can_send: bool
    can_cancel: bool
    can_mark: bool
    unsure: bool
    over: bool


def action_lines(
    db: Session,
    study: Study,
    *,
    waiting: bool | None = None,
    submission_id: int | None = None,
    most: int = _MOST,
) -> Sequence[ActionLine]:
    """A study's newest actions, at most `most`; those that wait for a person, those that do not, or both.

    What waits comes oldest first, since platforms approve by themselves in the end, and what failed last, so that it
    keeps no other off the list. With `submission_id` only those of one submission.
    """
    query = (
        select(PlatformAction)
        .where(PlatformAction.study_id == study.id)
        .options(
            joinedload(PlatformAction.queued_by),
            joinedload(PlatformAction.sent_by),
            joinedload(PlatformAction.submission),
            joinedload(PlatformAction.worker),
            joinedload(PlatformAction.item),
        )
    )
    if submission_id is not None:
        query = query.where(PlatformAction.submission_id == submission_id)
    if waiting is not None:
        query = query.where(PlatformAction.state.not_in(_ENDED) if waiting else PlatformAction.state.in_(_ENDED))
    if waiting:
        query = query.order_by(PlatformAction.state == ActionState.FAILED, PlatformAction.id)
    else:
        query = query.order_by(PlatformAction.id.desc())
    return [_line(action, study) for action in db.scalars(query.limit(most))]


def _line(action: PlatformAction, study: Study) -> ActionLine:
    capability = capability_for(ActionKind(action.kind))
    capabilities = capabilities_of(study.platform)
    state = ActionState(action.state)
    by_hand = not capabilities.can(capability) or api_is_optional(study.platform)
    about, link = _about(action, study)
    return ActionLine(
        id=action.id,
        kind=str(action.kind),
        word=_WORDS[action.kind],
        state=str(state),
        about=about,
        link=link,
        amount=money(action.amount_cents, study.currency) if action.amount_cents else "",
        fee=money(action.fee_cents, study.currency) if action.fee_cents else "",
        reason=action.reason,
        outcome=action.outcome,
        choice=_choice(action, study),
        instead=capabilities.instead(capability),
        queued_by=action.queued_by.name if action.queued_by else "",
        queued_at=action.queued_at,
        sent_by=action.sent_by.name if action.sent_by else "",
        ended_at=action.ended_at,
        tries=action.tries,
        can_send=capabilities.can(capability)
        and state in {ActionState.QUEUED, ActionState.FAILED, ActionState.SENDING},
        can_cancel=state in {ActionState.QUEUED, ActionState.FAILED},
        can_mark=state == ActionState.UNSURE or (by_hand and state in {ActionState.QUEUED, ActionState.FAILED}),
        unsure=state == ActionState.UNSURE,
        over=state in _ENDED,
    )


def _choice(action: PlatformAction, study: Study) -> str:
    waits = action.kind in CHOOSABLE and action.state in UNSENT
    return f"/studies/{study.slug}/payments/choice?action={action.id}" if waits and study.platform == "prolific" else ""


def _about(action: PlatformAction, study: Study) -> tuple[str, str]:
    """What or whom it is about, and the page of that where there is one."""
    if action.submission is not None:
        return action.submission.public_id, f"/submissions/{action.submission.public_id}"
    if action.item is not None:
        return action.item.key, ""
    if action.worker is not None:
        return action.worker.pseudonym, f"/studies/{study.slug}/workers/{action.worker.pseudonym}"
    if "unmatched" in action.parameters:
        return f"work without a text, number {action.parameters['unmatched']}", ""
    if action.kind in ABOUT_TASKS:
        return "the study" if api_is_optional(study.platform) else "an item that was removed", ""
    return "a worker who was erased", ""


def detail_in_words(detail: Mapping[str, Any], currency: str) -> str:
    """An action as the audit log keeps it: what, for how much, and its number."""
    kind, cents = detail["kind"], detail["cents"]
    amount = f", {money(cents, currency)}" if cents else ""
    return f"{_WORDS.get(kind, kind)}{amount} (action {detail['action']})"


def totals_in_words(db: Session, study: Study, now: datetime) -> Sequence[tuple[str, str]]:
    """The study's money, each figure with its name."""
    found = totals(db, study.id, now)
    lines = [
        ("Paid to workers", money(found.paid, study.currency)),
        ("Fees for it", money(found.fees, study.currency)),
        ("Waiting to be sent", money(found.waiting, study.currency)),
        ("Committed by published places and bonuses", money(found.committed, study.currency)),
    ]
    if found.left is not None:
        lines.append(("Left of the budget", money(found.left, study.currency)))
    return lines
