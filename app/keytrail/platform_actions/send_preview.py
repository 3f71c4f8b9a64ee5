"""Preview what sending a selection of actions would do, before money moves."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from keytrail.errors import BadRequest, Conflict, NotFound
from keytrail.models import ActionKind, ActionState, PlatformAction, Study
from keytrail.platform_actions.action_list import ActionLine, action_line, actions_with_context
from keytrail.platform_actions.kinds import ABOUT_TASKS, COMMITTING, PAYING
from keytrail.platform_actions.outbox import is_being_sent
from keytrail.platform_actions.performing import Connections
from keytrail.platform_actions.spending import RemainingBudget, left_for, require_sender
from keytrail.platforms import PlatformFault
from keytrail.platforms.fees import Cost
from keytrail.platforms.money import money
from keytrail.platforms.registry import platform_class
from keytrail.provenance.formatting import count

_VERBS = {
    ActionKind.MESSAGE: ("send", "message"),
    ActionKind.RETURN: ("ask for the return of", "submission"),
    ActionKind.DRAFT: ("create a draft of", "HIT"),
    ActionKind.PUBLISH: ("publish", "HIT"),
    ActionKind.EXTEND: ("add places to", "HIT"),
    ActionKind.PAUSE: ("pause", "HIT"),
    ActionKind.RESUME: ("resume", "HIT"),
    ActionKind.EXPIRE: ("end", "HIT"),
    ActionKind.EXCLUDE: ("exclude", "worker"),
    ActionKind.READMIT: ("readmit", "worker"),
    ActionKind.SCREEN_OUT: ("screen out", "submission"),
    ActionKind.REJECT: ("reject", "submission"),
}

_BEGUN = {ActionState.SENDING, ActionState.SENT}


@dataclass(frozen=True)
class Rejection:
    """A rejection: the submitted text, and in the line the message to the worker."""

    line: ActionLine
    text: str


@dataclass(frozen=True)
class SendPreview:
    """The actions of a selection that can be sent now, with rejections listed separately.

    `pay` goes to `workers` people for approvals and bonuses; `committing` counts against budgets. `blocked` are actions
    of the selection that cannot be sent: sent meanwhile, being sent, or done manually. `fingerprint` identifies exactly
    what was shown.
    """

    lines: Sequence[ActionLine]
    rejections: Sequence[Rejection]
    blocked: Sequence[ActionLine]
    pay: Cost
    workers: int
    committing: int
    left: RemainingBudget
    sentence: str
    fingerprint: str
    again: bool = False

    @property
    def numbers(self) -> Sequence[int]:
        """The actions that would be sent: payments first, rejections last."""
        return [line.id for line in (*self.lines, *(rejection.line for rejection in self.rejections))]

    @property
    def within_budget(self) -> bool:
        """Whether every budget allows all of them."""
        return self.left.allows(self.committing)


def preview_sending(
    db: Session, study: Study, numbers: Sequence[int], user_id: int, now: datetime, *, again: bool = False
) -> SendPreview:
    """Return what sending these actions would do; with `again`, also those that may have been done. Changes nothing.

    Raises BadRequest for an empty selection, NotFound for an action of another study, Forbidden unless the user may
    send.
    """
    if not numbers:
        raise BadRequest("Select what to send first.", code="nothing_chosen")
    actions = _actions(db, study, numbers)
    for kind in sorted({ActionKind(action.kind) for action in actions}):
        require_sender(db, study.id, kind, user_id)
    lines = {action.id: action_line(action, study) for action in actions}
    ready = [
        action for action in actions if _can_be_sent(lines[action.id], again=again) and not is_being_sent(action, now)
    ]
    paying = [action for action in ready if _pays(action)]
    pay = Cost(sum(action.amount_cents for action in paying), sum(action.fee_cents for action in paying))
    workers = len({_worker(action) for action in paying})
    committing = sum(action.amount_cents + action.fee_cents for action in ready if action.kind in COMMITTING)
    return SendPreview(
        lines=[lines[action.id] for action in ready if action.kind != ActionKind.REJECT],
        rejections=[
            Rejection(lines[action.id], action.submission.text if action.submission else "")
            for action in ready
            if action.kind == ActionKind.REJECT
        ],
        blocked=[lines[action.id] for action in actions if action not in ready],
        pay=pay,
        workers=workers,
        committing=committing,
        left=left_for(db, study, now),
        sentence=_sentence(study, ready, money(pay.workers, study.currency), workers),
        fingerprint=_fingerprint(ready),
        again=any(lines[action.id].unsure for action in ready),
    )


def _pays(action: PlatformAction) -> bool:
    """Whether it pays an amount that is known: that of a screen-out is not, in studies that were not drafted here."""
    return action.kind in PAYING and (action.kind != ActionKind.SCREEN_OUT or action.amount_cents > 0)


def _can_be_sent(line: ActionLine, *, again: bool) -> bool:
    return line.can_send or (again and line.unsure and not line.instead)


def require_as_shown(preview: SendPreview, fingerprint: str) -> None:
    """Raise Conflict unless the actions are those that the user has confirmed."""
    if preview.fingerprint == fingerprint:
        return
    if not fingerprint:
        raise Conflict("Nothing was sent yet. Check what will be sent, then confirm it below.", code="not_confirmed")
    states = [line.state for line in preview.blocked]
    if ActionState.SENDING in states:
        begun, selected = sum(state in _BEGUN for state in states), len(states) + len(preview.numbers)
        raise Conflict(
            f"Nothing was sent a second time: you or another owner is sending this now ({begun} of {selected} begun). "
            "Open Payments in a moment to see what is left.",
            code="being_sent",
        )
    if not preview.numbers and set(states) <= _BEGUN:
        raise Conflict(
            "Nothing was sent a second time: you or another owner sent all of this already.", code="sent_already"
        )
    raise Conflict(
        "Nothing was sent: something changed after this page was opened, for example because you or another owner sent "
        "part of it meanwhile. Below is what can be sent now.",
        code="changed_meanwhile",
    )


def balance_in_words(connections: Connections, study: Study) -> str:
    """Describe the platform's balance, or why it is unknown; empty where no platform can be asked."""
    try:
        if study.platform == "mturk":
            return f"{connections.mturk.balance()} USD"
        return connections.prolific.balance() if study.platform == "prolific" else ""
    except PlatformFault as fault:
        return f"not known. {fault.message}"


def _actions(db: Session, study: Study, numbers: Sequence[int]) -> Sequence[PlatformAction]:
    query = actions_with_context(study).where(PlatformAction.id.in_(numbers)).order_by(PlatformAction.id)
    found = db.scalars(query).all()
    if len(found) < len(set(numbers)):
        raise NotFound("There is no such payment action in this study.")
    return found


def _worker(action: PlatformAction) -> tuple[str, int]:
    """Return the worker of an action; work without a text here counts as one person's each."""
    return ("worker", action.submission.worker_id) if action.submission is not None else ("action", action.id)


def _sentence(study: Study, actions: Sequence[PlatformAction], amount: str, workers: int) -> str:
    """What the confirming button says: `Pay 12.40 USD to 10 workers and reject 2 submissions`."""
    parts = [f"pay {amount} to {count(workers, 'worker')}"] if workers else []
    for kind, (verb, noun) in _VERBS.items():
        number = sum(action.kind == kind for action in actions)
        if number:
            of_study = kind in ABOUT_TASKS and not platform_class(study.platform).has_task_per_item
            parts.append(f"{verb} {count(number, *(('study', 'studies') if of_study else (noun,)))}")
    joined = " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
    return joined[:1].upper() + joined[1:]


def _fingerprint(actions: Sequence[PlatformAction]) -> str:
    shown = [
        (action.id, action.kind, action.state, action.amount_cents, action.fee_cents, action.reason, action.tries)
        for action in actions
    ]
    return hashlib.sha256(json.dumps(shown).encode()).hexdigest()[:32]
