"""`keytrail payments …`: the outbox on the command line, and what the platforms' commands share."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated

import typer
from sqlalchemy import select
from sqlalchemy.orm import Session

from keytrail.cli.opened import Opened, opened
from keytrail.clock import utc_now
from keytrail.errors import BadRequest, DomainError, Forbidden, NotFound
from keytrail.models import ActionKind, ActionState, Membership, PlatformAction, Role, Study, Submission, User
from keytrail.platform_actions.action_list import action_lines
from keytrail.platform_actions.bonuses import Bonus, Letter, queue_bonus, queue_message
from keytrail.platform_actions.differences import Ruling, differences, queue_unmatched
from keytrail.platform_actions.outbox import cancel, get_action, mark_done
from keytrail.platform_actions.performing import Connections
from keytrail.platform_actions.send_preview import (
    SendPreview,
    balance_in_words,
    preview_sending,
    require_as_shown,
)
from keytrail.platform_actions.sender import Sender, SendResult
from keytrail.platforms.money import money, parse_amount
from keytrail.provenance.formatting import count
from keytrail.review.queue.submissions import submission_and_role
from keytrail.studies import study_by_slug
from keytrail.users.accounts import user_by_email

payments = typer.Typer(help="Preview, send and cancel actions at platforms.", no_args_is_help=True)

StudyName = Annotated[str, typer.Argument(help="The study's name in its address.")]
By = Annotated[str, typer.Option("--by", help="Your e-mail address in Keytrail; it is recorded with the action.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
_WAITING = (ActionState.QUEUED, ActionState.FAILED, ActionState.SENDING)


@dataclass(frozen=True)
class At:
    """An installation, one of its studies, and the user of the command with their role."""

    opened: Opened
    study_id: int
    user_id: int
    role: Role

    def named(self, platform_id: str, before: str = "") -> str:
        """A platform's id after some words, for owners alone; nothing for others."""
        return f"{before}{platform_id}" if self.role == Role.OWNER and platform_id else ""

    @property
    def sender(self) -> Sender:
        """Return a sender for the configured platforms."""
        at = self.opened
        return Sender(at.database, Connections(at.settings), at.keyring, utc_now)


@contextmanager
def at_study(study: str, by: str) -> Iterator[At]:
    """Open a study for one of its members, to view. Raises NotFound for anybody else."""
    with opened() as at:
        with at.database.reading() as db:
            user, found, role = _member(db, study, by)
        yield At(at, found.id, user.id, role)


@contextmanager
def at_own_study(study: str, by: str) -> Iterator[At]:
    """Open a study for one of its owners, who alone send and publish. Raises NotFound, or Forbidden for a reviewer."""
    with at_study(study, by) as at:
        if at.role != Role.OWNER:
            raise Forbidden(f"Only an owner of the study '{study}' may do that, and {by} is its {at.role}.")
        yield at


def _member(db: Session, study: str, by: str) -> tuple[User, Study, Role]:
    user, found = user_by_email(db, by), study_by_slug(db, study)
    member = db.get(Membership, (user.id, found.id))
    if member is None:
        raise NotFound(f"{by} has no role in the study '{study}'.")
    return user, found, Role(member.role)


def send_and_print(at: At, actions: list[int], *, again: bool = False) -> None:
    """Send actions one by one and print the result of each. Raises DomainError if any was not sent."""
    sent = [at.sender.send(at.study_id, number, at.user_id, again=again) for number in actions]
    for one in sent:
        print(_line(one))
    left = sum(one.state != ActionState.SENT for one in sent)
    if left:
        raise DomainError(f"{left} of {len(sent)} were not sent. See above; sending again is safe.")


def print_preview(at: At, numbers: list[int]) -> SendPreview:
    """Print what sending these actions would do and cost, rejections apart with text and message."""
    with at.opened.database.reading() as db:
        study = db.get_one(Study, at.study_id)
        plan = preview_sending(db, study, numbers, at.user_id, utc_now())
        currency, balance = study.currency, ""
        if plan.workers:
            balance = balance_in_words(Connections(at.opened.settings), study)
    for line in plan.lines:
        print(f"{line.id:6} {line.word:10} {line.worker:14} {line.item[:30]:30} {line.amount:>12} {line.reason}")
    for rejection in plan.rejections:
        line = rejection.line
        print(f"{line.id:6} {line.word:10} {line.worker:14} {line.item}")
        print(f"       Text: {rejection.text}")
        print(f"       Message to the worker: {line.reason or '(none; the platform refuses a rejection without one)'}")
    for line in plan.blocked:
        print(f"{line.id:6} Not in this step: {line.word}, {line.about}: {line.instead or line.state}")
    if plan.workers:
        fees, total = money(plan.pay.fees, currency), money(plan.pay.total, currency)
        print(f"For workers {money(plan.pay.workers, currency)}, fees {fees}, total {total}.")
    if balance:
        print(f"Balance of the account: {balance}")
    if not plan.within_budget:
        print("This is more than a budget has left; bonuses and places that exceed it will not be sent.")
    print(f"{plan.sentence or 'Nothing to send'}.")
    return plan


def send_confirmed(at: At, numbers: list[int], *, yes: bool) -> None:
    """Print the preview of these actions, ask, and send exactly what was shown."""
    shown = print_preview(at, numbers)
    if not shown.numbers:
        raise BadRequest("Nothing was sent: none of these can be sent now.")
    confirmed(f"{shown.sentence}?", yes=yes)
    with at.opened.database.reading() as db:
        study = db.get_one(Study, at.study_id)
        require_as_shown(preview_sending(db, study, numbers, at.user_id, utc_now()), shown.fingerprint)
    send_and_print(at, list(shown.numbers))


def send_waiting(at: At, kinds: tuple[ActionKind, ...], submissions: list[str], *, yes: bool = False) -> None:
    """Preview, confirm and send what waits of these kinds: of the named submissions, or all of them."""
    with at.opened.database.reading() as db:
        query = select(PlatformAction.id).where(
            PlatformAction.study_id == at.study_id,
            PlatformAction.kind.in_(kinds),
            PlatformAction.state.in_(_WAITING),
        )
        if submissions:
            ids = select(Submission.id).where(Submission.public_id.in_(submissions))
            query = query.where(PlatformAction.submission_id.in_(ids))
        waiting = list(db.scalars(query.order_by(PlatformAction.id)))
    if not waiting:
        print("There is nothing to send. Decide about submissions first; a decision queues its payment.")
        return
    send_confirmed(at, waiting, yes=yes)


def print_differences(at: At) -> None:
    """Print work that exists on one side only, and work begun and not submitted."""
    with at.opened.database.reading() as db:
        found = differences(db, db.get_one(Study, at.study_id), utc_now())
    for unmatched in found.only_there:
        waits = f", {unmatched.waits} queued" if unmatched.waits else ""
        print(
            f"Submitted there, no text here: number {unmatched.number}{at.named(unmatched.assignment_id, ', ')}{waits}"
        )
    for unclaimed in found.only_here:
        print(
            f"Text here, not submitted there: {unclaimed.public_id}{at.named(unclaimed.assignment_id, ', assignment ')}"
        )
    for one in found.shared_ids:
        holds = ", who submitted it there" if one.holds else ""
        print(f"Several workers under one id{at.named(one.assignment_id, ' ')}: {one.public_id} by {one.worker}{holds}")
    for begun in found.unfinished:
        place = (
            "the time is over, the place is free" if begun.over else f"time until {begun.ends_at:%Y-%m-%d %H:%M} UTC"
        )
        print(f"Begun and not submitted: worker {begun.worker}, item {begun.item}; {place}")


def give_bonus(at: At, submission: str, amount: str, reason: str) -> None:
    """Queue a bonus and send it."""
    with at.opened.database.writing() as db:
        found = _submission(db, at, submission)
        number = queue_bonus(db, found, Bonus(parse_amount(amount), reason), at.user_id, utc_now()).id
    send_and_print(at, [number])


def write_to_worker(at: At, submission: str, letter: Letter) -> None:
    """Queue a message and send it."""
    with at.opened.database.writing() as db:
        number = queue_message(db, _submission(db, at, submission), letter, at.user_id, utc_now()).id
    send_and_print(at, [number])


def _submission(db: Session, at: At, public_id: str) -> Submission:
    found, _ = submission_and_role(db, public_id, db.get_one(User, at.user_id))
    if found.study_id != at.study_id:
        raise NotFound(f"{public_id} is not a submission of this study.")
    return found


@payments.command("list")
def show(study: StudyName, by: By) -> None:
    """List everything queued for a study, newest first."""
    with at_study(study, by) as at, at.opened.database.reading() as db:
        for line in action_lines(db, db.get_one(Study, at.study_id)):
            what = f"{line.kind:8} {line.about:24} {line.amount:>10}"
            print(f"{line.id:6} {line.state:10} {what}  {line.outcome}")


@payments.command("preview")
def preview(
    study: StudyName,
    by: By,
    numbers: Annotated[list[int] | None, typer.Argument(help="Default: what the dashboard selects beforehand.")] = None,
) -> None:
    """Show what sending would do and cost, with the balance. Nothing is sent."""
    with at_own_study(study, by) as at:
        chosen = numbers or _selected(at)
        if chosen:
            print_preview(at, chosen)
        else:
            print("Nothing is selected beforehand. Name the numbers from 'keytrail payments list'.")


def _selected(at: At) -> list[int]:
    with at.opened.database.reading() as db:
        lines = action_lines(db, db.get_one(Study, at.study_id))
    return [line.id for line in reversed(lines) if line.selected]


@payments.command("send")
def send(
    study: StudyName,
    by: By,
    numbers: Annotated[list[int], typer.Argument(help="Numbers from 'keytrail payments list'.")],
    again: Annotated[
        bool, typer.Option(help="Also repeat actions that may have been done before. They may be done twice.")
    ] = False,
    yes: Yes = False,
) -> None:
    """Send what was queued, after the preview and your confirmation."""
    with at_own_study(study, by) as at:
        if again:
            confirmed(f"Send {count(len(numbers), 'action')} again? It may have been done already.", yes=yes)
            send_and_print(at, numbers, again=True)
        else:
            send_confirmed(at, numbers, yes=yes)


@payments.command("settle")
def settle(
    study: StudyName,
    by: By,
    number: Annotated[
        int, typer.Argument(help="Number of the work without a text here, as 'keytrail mturk sync' prints it.")
    ],
    reject: Annotated[str, typer.Option(help="Reject it, and tell the worker this. Default: approve.")] = "",
) -> None:
    """Queue the approval or the rejection of work that the platform holds and that has no text here."""
    with at_own_study(study, by) as at, at.opened.database.writing() as db:
        ruling = Ruling(number, ActionKind.REJECT if reject else ActionKind.APPROVE, reject)
        action = queue_unmatched(db, db.get_one(Study, at.study_id), ruling, at.user_id, utc_now())
    print(f"{action.id}: {action.kind} waits. Send it with 'keytrail payments send {study} {action.id}'.")


@payments.command("cancel")
def take_back(study: StudyName, by: By, number: int) -> None:
    """Cancel an action that was not sent."""
    with at_study(study, by) as at, at.opened.database.writing() as db:
        cancel(db, get_action(db, at.study_id, number), at.user_id, utc_now())
    print(f"{number}: cancelled")


@payments.command("done")
def done(study: StudyName, by: By, number: int) -> None:
    """Mark an action as done that you did at the platform."""
    with at_own_study(study, by) as at, at.opened.database.writing() as db:
        mark_done(db, get_action(db, at.study_id, number), at.user_id, utc_now())
    print(f"{number}: marked as done")


def confirmed(question: str, *, yes: bool) -> None:
    """Ask for confirmation, unless given on the command line. Raises BadRequest for a no."""
    if not yes and not typer.confirm(question):
        raise BadRequest("Nothing was done.")


def _line(one: SendResult) -> str:
    return f"{one.action_id}: {one.state}. {one.outcome}"
