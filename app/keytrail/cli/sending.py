"""Send actions from the command line: print the preview, ask, and send exactly what it showed."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from keytrail.cli.at_study import StudyContext, confirmed
from keytrail.clock import utc_now
from keytrail.errors import BadRequest, Conflict, DomainError, NotFound

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from keytrail.models import ActionKind, PlatformAction, Study, Submission
    from keytrail.platform_actions.bonuses import Letter
    from keytrail.platform_actions.send_preview import SendPreview
    from keytrail.platform_actions.sender import SendResult


def send_and_print(at: StudyContext, actions: list[int], *, again: bool = False) -> None:
    """Send actions one by one and print the result of each. Raises DomainError if any was not sent."""
    from keytrail.models import ActionState

    sent = [at.sender.send(at.study_id, number, at.user_id, again=again) for number in actions]
    for one in sent:
        print(_line(one))
    left = sum(one.state != ActionState.SENT for one in sent)
    if left:
        raise DomainError(f"{left} of {len(sent)} were not sent. See above; sending again is safe.")


def print_preview(at: StudyContext, numbers: list[int], *, again: bool = False) -> "SendPreview":
    """Print what sending these actions would do and cost, rejections apart with text and message."""
    from keytrail.models import Study
    from keytrail.platform_actions.send_preview import preview_sending

    with at.installation.database.reading() as db:
        study = db.get_one(Study, at.study_id)
        plan = preview_sending(db, study, numbers, at.user_id, utc_now(), again=again)
    _print_plan(at, study, plan)
    return plan


def send_confirmed(at: StudyContext, numbers: list[int], *, yes: bool, again: bool = False) -> None:
    """Print the preview of these actions, ask, and send exactly what was shown.

    `again` also repeats what may have been done before.
    """
    from keytrail.models import Study
    from keytrail.platform_actions.send_preview import preview_sending, require_as_shown

    shown = print_preview(at, numbers, again=again)
    if not shown.numbers:
        raise BadRequest("Nothing was sent: none of these can be sent now.")
    confirmed(f"{shown.sentence}?", yes=yes)
    with at.installation.database.reading() as db:
        study = db.get_one(Study, at.study_id)
        now_shown = preview_sending(db, study, numbers, at.user_id, utc_now(), again=again)
        require_as_shown(now_shown, shown.fingerprint)
    send_and_print(at, list(shown.numbers), again=again)


def send_new(at: StudyContext, queue: "Callable[[Session], PlatformAction]", *, yes: bool) -> None:
    """Print the preview of the action that `queue` queues, ask, and only then queue and send exactly that.

    Raises BadRequest where it cannot be sent, Conflict if it has changed while the user was asked; nothing is queued
    then.
    """
    from keytrail.models import Study
    from keytrail.platform_actions.send_preview import preview_sending

    with at.installation.database.previewing() as db:
        study = db.get_one(Study, at.study_id)
        shown = preview_sending(db, study, [queue(db).id], at.user_id, utc_now())
    _print_plan(at, study, shown, numbered=False)
    if not shown.numbers:
        raise BadRequest("Nothing was queued: this cannot be sent.")
    confirmed(f"{shown.sentence}?", yes=yes)
    with at.installation.database.writing() as db:
        number = queue(db).id
        study = db.get_one(Study, at.study_id)
        if _content(preview_sending(db, study, [number], at.user_id, utc_now())) != _content(shown):
            raise Conflict("Nothing was sent: it has changed meanwhile. Run the command again.")
    send_and_print(at, [number])


def _content(plan: "SendPreview") -> tuple[object, ...]:
    """What a preview says, without the action's number, which is another once it is queued in earnest."""
    lines = (*plan.lines, *(rejection.line for rejection in plan.rejections))
    return plan.pay, plan.committing, [(line.kind, line.worker, line.item, line.reason) for line in lines]


def _print_plan(at: StudyContext, study: "Study", plan: "SendPreview", *, numbered: bool = True) -> None:
    for line in plan.lines:
        number = line.id if numbered else "new"
        print(f"{number:>6} {line.word:10} {line.worker:14} {line.item[:30]:30} {line.amount:>12} {line.reason}")
    for rejection in plan.rejections:
        line = rejection.line
        print(f"{line.id if numbered else 'new':>6} {line.word:10} {line.worker:14} {line.item}")
        print(f"       Text: {rejection.text}")
        print(f"       Message to the worker: {line.reason or '(none; the platform refuses a rejection without one)'}")
    for line in plan.blocked:
        number = line.id if numbered else "new"
        print(f"{number:>6} Not in this step: {line.word}, {line.about}: {line.instead or line.state}")
    if plan.workers:
        _print_money(at, study, plan)
    if not plan.within_budget:
        print("This is more than a budget has left; bonuses and places that exceed it will not be sent.")
    if plan.again:
        print("It is not known whether the platform did this already. If it did, sending it again does it twice.")
    print(f"{plan.sentence or 'Nothing to send'}.")


def _print_money(at: StudyContext, study: "Study", plan: "SendPreview") -> None:
    from keytrail.platform_actions.performing import Connections
    from keytrail.platform_actions.send_preview import balance_in_words
    from keytrail.platforms.money import money

    fees, total = money(plan.pay.fees, study.currency), money(plan.pay.total, study.currency)
    print(f"For workers {money(plan.pay.workers, study.currency)}, fees {fees}, total {total}.")
    for whose, left in (("the study's", plan.left.study), ("this server's", plan.left.installation)):
        if left is not None:
            print(f"Left of {whose} budget: {money(max(left, 0), plan.left.currency)}")
    balance = balance_in_words(Connections(at.installation.settings), study)
    if balance:
        print(f"Balance of the account: {balance}")


def send_waiting(
    at: StudyContext, kinds: "tuple[ActionKind, ...]", submissions: list[str], *, yes: bool = False
) -> None:
    """Preview, confirm and send what waits of these kinds: of the named submissions, or all of them."""
    from sqlalchemy import select

    from keytrail.models import ActionState, PlatformAction, Submission

    may_wait = (ActionState.QUEUED, ActionState.FAILED, ActionState.SENDING)
    with at.installation.database.reading() as db:
        query = select(PlatformAction.id).where(
            PlatformAction.study_id == at.study_id,
            PlatformAction.kind.in_(kinds),
            PlatformAction.state.in_(may_wait),
        )
        if submissions:
            ids = select(Submission.id).where(Submission.public_id.in_(submissions))
            query = query.where(PlatformAction.submission_id.in_(ids))
        waiting = list(db.scalars(query.order_by(PlatformAction.id)))
    if not waiting:
        print("There is nothing to send. Decide about submissions first; a decision queues its payment.")
        return
    send_confirmed(at, waiting, yes=yes)


def give_bonus(at: StudyContext, submission: str, amount: str, reason: str, *, yes: bool) -> None:
    """Preview a bonus, ask, queue it and send it."""
    from keytrail.platform_actions.bonuses import Bonus, queue_bonus
    from keytrail.platforms.money import parse_amount

    def queue(db: "Session") -> "PlatformAction":
        found = _submission(db, at, submission)
        return queue_bonus(db, found, Bonus(parse_amount(amount), reason), at.user_id, utc_now())

    send_new(at, queue, yes=yes)


def write_to_worker(at: StudyContext, submission: str, letter: "Letter", *, yes: bool) -> None:
    """Preview a message, ask, queue it and send it."""
    from keytrail.platform_actions.bonuses import queue_message

    send_new(at, lambda db: queue_message(db, _submission(db, at, submission), letter, at.user_id, utc_now()), yes=yes)


def _submission(db: "Session", at: StudyContext, public_id: str) -> "Submission":
    from keytrail.models import User
    from keytrail.review.queue.submissions import worker_submission

    found, _ = worker_submission(db, public_id, db.get_one(User, at.user_id))
    if found.study_id != at.study_id:
        raise NotFound(f"{public_id} is not a submission of this study.")
    return found


def _line(one: "SendResult") -> str:
    return f"{one.action_id}: {one.state}. {one.outcome}"
