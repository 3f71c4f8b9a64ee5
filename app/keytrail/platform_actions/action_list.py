"""List the outbox for people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from keytrail.models import ActionKind, ActionState, PlatformAction, Study, Submission, WritingSession
from keytrail.platform_actions.kinds import ABOUT_TASKS, INSTEAD_OF_REJECTION, capability_for
from keytrail.platform_actions.ledger import totals
from keytrail.platform_actions.outbox import UNSENT
from keytrail.platform_actions.rejections import CHOOSABLE
from keytrail.platforms.money import money
from keytrail.platforms.registry import api_is_optional, capabilities_of

ENDED = (ActionState.SENT, ActionState.CANCELLED)
_FEW_TRIES = 2
"""What was refused so often is not selected beforehand: somebody should look at it first."""
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
# In the order of the page: what pays first, rejections last.
_GROUPS = {
    ActionKind.APPROVE: "Approvals",
    ActionKind.BONUS: "Bonuses",
    ActionKind.MESSAGE: "Messages",
    ActionKind.RETURN: "Requests to return",
    ActionKind.PART_PAY: "Part payments",
    ActionKind.SCREEN_OUT: "Screen-outs",
    ActionKind.DRAFT: "Drafts to create",
    ActionKind.PUBLISH: "Studies and HITs to publish",
    ActionKind.EXTEND: "Places to add",
    ActionKind.PAUSE: "Studies to pause",
    ActionKind.RESUME: "Studies to resume",
    ActionKind.EXPIRE: "Studies and HITs to end",
    ActionKind.EXCLUDE: "Exclusions",
    ActionKind.READMIT: "Readmissions",
    ActionKind.REJECT: "Rejections",
}
KIND_RANKS: Final = {kind: rank for rank, kind in enumerate(_GROUPS)}


@dataclass(frozen=True)
class ActionLine:
    """One action in words. `instead` says what to do where it cannot be sent; `can_…` what a person is offered.

    `rank` is its kind's place in lists. `item` and `worker` are empty where the action is about neither. `selected`: to
    be sent unless a person says otherwise; never a rejection, and nothing that was refused twice.
    `choice` is the page on which a person chooses between rejecting and something milder, where there is one.
    """

    id: int
    kind: str
    rank: int
    word: str
    state: str
    about: str
    link: str
    item: str
    worker: str
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
    selected: bool
    can_send: bool
    can_cancel: bool
    can_mark: bool
    unsure: bool
    over: bool


@dataclass(frozen=True)
class ActionGroup:
    """What waits of one kind: how many, for how much; amounts are empty where no money moves."""

    kind: str
    title: str
    count: int
    amount: str
    fee: str


def waiting_groups(db: Session, study: Study) -> Sequence[ActionGroup]:
    """What waits for a person, by kind, in the order of `KIND_RANKS`."""
    query = (
        select(
            PlatformAction.kind,
            func.count(),
            func.sum(PlatformAction.amount_cents),
            func.sum(PlatformAction.fee_cents),
        )
        .where(PlatformAction.study_id == study.id, PlatformAction.state.not_in(ENDED))
        .group_by(PlatformAction.kind)
    )
    found = {kind: (count, amount, fee) for kind, count, amount, fee in db.execute(query)}
    return [
        ActionGroup(str(kind), title, count, _amount(amount, study), _amount(fee, study))
        for kind, title in _GROUPS.items()
        for count, amount, fee in [found.get(kind, (0, 0, 0))]
        if count
    ]


def action_lines(
    db: Session, study: Study, *, submission_id: int | None = None, numbers: Sequence[int] | None = None
) -> Sequence[ActionLine]:
    """A study's actions, newest first: all of them, those of one submission, or those of these numbers."""
    query = actions_with_context(study)
    if submission_id is not None:
        query = query.where(PlatformAction.submission_id == submission_id)
    if numbers is not None:
        query = query.where(PlatformAction.id.in_(numbers))
    return [action_line(action, study) for action in db.scalars(query.order_by(PlatformAction.id.desc()))]


def actions_with_context(study: Study) -> Select[PlatformAction]:
    """A study's actions with all that a line says."""
    session = joinedload(PlatformAction.submission).joinedload(Submission.session)
    return (
        select(PlatformAction)
        .where(PlatformAction.study_id == study.id)
        .options(
            joinedload(PlatformAction.queued_by),
            joinedload(PlatformAction.sent_by),
            session.joinedload(WritingSession.item),
            session.joinedload(WritingSession.worker),
            joinedload(PlatformAction.worker),
            joinedload(PlatformAction.item),
        )
    )


def _amount(cents: int, study: Study) -> str:
    return money(cents, study.currency) if cents else ""


def action_line(action: PlatformAction, study: Study) -> ActionLine:
    """One action in words. Its submission with session, item and worker must be loaded."""
    capability = capability_for(ActionKind(action.kind))
    capabilities = capabilities_of(study.platform)
    state = ActionState(action.state)
    by_hand = not capabilities.can(capability) or api_is_optional(study.platform)
    about, link = _about(action, study)
    session = action.submission.session if action.submission is not None else None
    item = session.item if session is not None else action.item
    worker = session.worker if session is not None else action.worker
    can_send = capabilities.can(capability) and state in {ActionState.QUEUED, ActionState.FAILED, ActionState.SENDING}
    return ActionLine(
        id=action.id,
        kind=str(action.kind),
        rank=KIND_RANKS[ActionKind(action.kind)],
        word=_WORDS[action.kind],
        state=str(state),
        about=about,
        link=link,
        item=(item.title or item.key) if item is not None else "",
        worker=worker.pseudonym if worker is not None else "",
        amount=_amount(action.amount_cents, study),
        fee=_amount(action.fee_cents, study),
        reason=action.reason,
        outcome=action.outcome,
        choice=_choice(action, study),
        instead=capabilities.instead(capability),
        queued_by=action.queued_by.name if action.queued_by else "",
        queued_at=action.queued_at,
        sent_by=action.sent_by.name if action.sent_by else "",
        ended_at=action.ended_at,
        tries=action.tries,
        selected=can_send
        and action.kind != ActionKind.REJECT
        and not (state == ActionState.FAILED and action.tries >= _FEW_TRIES),
        can_send=can_send,
        can_cancel=state in {ActionState.QUEUED, ActionState.FAILED},
        can_mark=state == ActionState.UNSURE or (by_hand and state in {ActionState.QUEUED, ActionState.FAILED}),
        unsure=state == ActionState.UNSURE,
        over=state in ENDED,
    )


def _choice(action: PlatformAction, study: Study) -> str:
    waits = action.kind in CHOOSABLE and action.state in UNSENT
    can = capabilities_of(study.platform).can
    has_choice = waits and any(can(capability_for(kind)) for kind in INSTEAD_OF_REJECTION)
    return f"/studies/{study.slug}/payments/choice?action={action.id}" if has_choice else ""


def _about(action: PlatformAction, study: Study) -> tuple[str, str]:
    """Return what or whom it concerns, and the link where there is one."""
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
    """Return the audit log's wording of an action: what, the amount, and its number."""
    kind, cents = detail["kind"], detail["cents"]
    amount = f", {money(cents, currency)}" if cents else ""
    return f"{_WORDS.get(kind, kind)}{amount} (action {detail['action']})"


def totals_in_words(db: Session, study: Study, now: datetime) -> Sequence[tuple[str, str]]:
    """Return the study's money, each figure with its name."""
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
