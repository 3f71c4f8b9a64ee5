"""`keytrail mturk …`: Mechanical Turk, or the sandbox, from the command line."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from keytrail.cli.at_study import By, StudyContext, StudyName, Yes, at_own_study, at_study, confirmed
from keytrail.cli.differences import print_differences
from keytrail.cli.exclusion import Undo, Why, WorkerName, exclude_worker
from keytrail.cli.sending import give_bonus, send_and_print, send_waiting, write_to_worker
from keytrail.clock import utc_now
from keytrail.errors import Conflict

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from keytrail.models import PlatformAction
    from keytrail.platform_actions.publication import Publication


mturk = typer.Typer(help="Publish on Mechanical Turk or the sandbox, compare, pay.", no_args_is_help=True)

Submissions = Annotated[list[str] | None, typer.Argument(help="Receipts of submissions. Default: all that are queued.")]


@mturk.command("publish")
def publish(
    study: StudyName,
    by: By,
    assignments: Annotated[int | None, typer.Option(help="Places of each HIT. Fees double at 10.")] = None,
    days: Annotated[int | None, typer.Option(help="For how many days workers can accept it.")] = None,
    title: Annotated[str | None, typer.Option(help="Default: the study's title.")] = None,
    description: Annotated[str | None, typer.Option(help="Description for workers in the list.")] = None,
    keywords: Annotated[str | None, typer.Option(help="Separated by commas.")] = None,
    countries: Annotated[str | None, typer.Option(help="Country codes such as US, GB. Default: all countries.")] = None,
    approval_rate: Annotated[int | None, typer.Option(help="Minimum approval rate of workers, in per cent.")] = None,
    approved_count: Annotated[
        int | None, typer.Option(help="Minimum number of a worker's approved assignments.")
    ] = None,
    auto_approve_days: Annotated[
        int | None, typer.Option(help="Days until the marketplace approves automatically.")
    ] = None,
    budget: Annotated[
        str | None, typer.Option(help="Stop publishing and bonuses at this amount, fees included: 500.00.")
    ] = None,
    yes: Yes = False,
) -> None:
    """Publish a HIT for each item that has none, after showing the cost."""
    chosen = {
        "assignments": assignments, "days": days, "title": title, "description": description, "keywords": keywords,
        "countries": countries, "approval_rate": approval_rate, "approved_count": approved_count,
        "auto_approve_days": auto_approve_days,
    }  # fmt: skip
    with at_own_study(study, by) as at:
        numbers = _queue_publication(
            at, {name: value for name, value in chosen.items() if value is not None}, budget, yes
        )
        send_and_print(at, numbers)


def _queue_publication(at: StudyContext, chosen: dict[str, Any], budget: str | None, yes: bool) -> list[int]:
    from keytrail.models import Study
    from keytrail.platforms.money import money
    from keytrail.provenance.formatting import count

    with at.installation.database.previewing() as db:
        plan, actions = _plan_and_queue(db, at, chosen, budget)
        currency = db.get_one(Study, at.study_id).currency
    each = count(plan.offer.assignments, "place")
    cost = f"{money(plan.cost.workers, currency)} + fees {money(plan.cost.fees, currency)}"
    print(f"{count(len(plan.items), 'HIT')} with {each} each: {cost} = {money(plan.cost.total, currency)}.")
    if plan.skipped:
        print(f"Left out: {count(plan.skipped, 'item')} with an open HIT already, or one that waits to be sent.")
    if actions:
        confirmed("Publish?", yes=yes)
    with at.installation.database.writing() as db:
        again, actions = _plan_and_queue(db, at, chosen, budget)
        if again.cost != plan.cost:
            raise Conflict("Nothing was published: the cost changed meanwhile. Run the command again.")
        return [action.id for action in actions]


def _plan_and_queue(
    db: "Session", at: StudyContext, chosen: dict[str, Any], budget: str | None
) -> "tuple[Publication, Sequence[PlatformAction]]":
    from keytrail.models import Study
    from keytrail.platform_actions.publication import (
        default_offer,
        plan_publication,
        queue_publication,
        read_offer,
        set_budget,
    )
    from keytrail.platforms.money import parse_amount

    study = db.get_one(Study, at.study_id)
    if budget is not None:
        set_budget(db, study, parse_amount(budget))
    offer = read_offer(default_offer(db, study) | chosen)
    plan = plan_publication(db, study, offer, utc_now())
    task_url = f"{at.installation.settings.public_url}/task/{study.slug}"
    return plan, queue_publication(db, study, offer, task_url, at.user_id, utc_now())


@mturk.command("status")
def status(study: StudyName, by: By) -> None:
    """Show HITs with their places, the study's money, and the account's balance."""
    from keytrail.models import Study
    from keytrail.platform_actions.action_list import totals_in_words
    from keytrail.platform_actions.ledger import is_live
    from keytrail.platform_actions.performing import Connections
    from keytrail.platform_actions.tasks import tasks_of

    with at_study(study, by) as at:
        with at.installation.database.reading() as db:
            for task in tasks_of(db, at.study_id):
                live = task.status if is_live(task, utc_now()) else f"{task.status}, ended"
                places = (
                    f"{task.completed} submitted, {task.pending} in progress, {task.available} open of {task.places}"
                )
                print(f"{task.external_id}  {task.item.key if task.item else 'all items':20} {places}  ({live})")
            for name, amount in totals_in_words(db, db.get_one(Study, at.study_id), utc_now()):
                print(f"{name}: {amount}")
        print_differences(at)
        print(f"Balance of the account: {Connections(at.installation.settings).mturk.balance()}")


@mturk.command("extend")
def extend(study: StudyName, by: By, hit: str, places: int, yes: Yes = False) -> None:
    """Add places to a HIT."""
    from keytrail.platforms.money import money
    from keytrail.provenance.formatting import count

    with at_own_study(study, by) as at:
        with at.installation.database.previewing() as db:
            action = _extension(db, at, hit, places)
            cost = money(action.amount_cents + action.fee_cents, action.currency)
        confirmed(f"Add {count(places, 'place')} for {cost}?", yes=yes)
        with at.installation.database.writing() as db:
            number = _extension(db, at, hit, places).id
        send_and_print(at, [number])


def _extension(db: "Session", at: StudyContext, hit: str, places: int) -> "PlatformAction":
    from keytrail.models import Study
    from keytrail.platform_actions.publication import queue_extension
    from keytrail.platform_actions.tasks import task_by_hit

    task = task_by_hit(db, at.study_id, hit)
    return queue_extension(db, db.get_one(Study, at.study_id), task, places, at.user_id, utc_now())


@mturk.command("expire")
def expire(
    study: StudyName,
    by: By,
    hits: Annotated[list[str] | None, typer.Argument(help="Default: all open HITs.")] = None,
) -> None:
    """Close HITs to new workers. Workers who have accepted may finish."""
    from keytrail.models import Study
    from keytrail.platform_actions.ledger import is_live
    from keytrail.platform_actions.publication import queue_expiry
    from keytrail.platform_actions.tasks import task_by_hit, tasks_of

    with at_own_study(study, by) as at:
        with at.installation.database.writing() as db:
            found = db.get_one(Study, at.study_id)
            open_now = [task for task in tasks_of(db, found.id) if is_live(task, utc_now())]
            chosen = [task_by_hit(db, found.id, hit) for hit in hits] if hits else open_now
            actions = [queue_expiry(db, found, task, at.user_id, utc_now()) for task in chosen]
        send_and_print(at, [action.id for action in actions])


@mturk.command("sync")
def sync(study: StudyName, by: By) -> None:
    """Compare with the marketplace: new statuses, released places."""
    from keytrail.platform_actions.performing import Connections
    from keytrail.platform_actions.reconciliation import Reconciler
    from keytrail.provenance.formatting import count

    with at_study(study, by) as at:
        here = at.installation
        reconciler = Reconciler(here.database, Connections(here.settings), here.keyring, utc_now)
        found = reconciler.compare(at.study_id)
        news = count(found.news, "new status", "new statuses")
        print(f"Compared {count(found.looked_at, 'entry', 'entries')}: {news}, {count(found.freed, 'place')} released.")
        print_differences(at)


@mturk.command("approve")
def approve(study: StudyName, by: By, submissions: Submissions = None, yes: Yes = False) -> None:
    """Send queued approvals, after a preview."""
    from keytrail.models import ActionKind

    with at_own_study(study, by) as at:
        send_waiting(at, (ActionKind.APPROVE,), submissions or [], yes=yes)


@mturk.command("reject")
def reject(
    study: StudyName,
    by: By,
    submissions: Annotated[list[str], typer.Argument(help="Receipts of submissions. Each is a separate decision.")],
    feedback: Annotated[str, typer.Option(help="What the worker is told, instead of the decision's reason.")] = "",
    yes: Yes = False,
) -> None:
    """Send rejections that reviewers proposed, after showing each text and message."""
    from keytrail.models import ActionKind

    with at_own_study(study, by) as at:
        if feedback:
            _set_feedback(at, submissions, feedback)
        send_waiting(at, (ActionKind.REJECT,), submissions, yes=yes)


def _set_feedback(at: StudyContext, submissions: list[str], feedback: str) -> None:
    from sqlalchemy import select

    from keytrail.models import ActionKind, ActionState, PlatformAction
    from keytrail.platform_actions.outbox import set_reason

    with at.installation.database.writing() as db:
        actions = db.scalars(
            select(PlatformAction).where(
                PlatformAction.study_id == at.study_id, PlatformAction.kind == ActionKind.REJECT
            )
        )
        for action in actions:
            if action.state in {ActionState.QUEUED, ActionState.FAILED} and _public_id(db, action) in submissions:
                set_reason(action, feedback)


def _public_id(db: Any, action: "PlatformAction") -> str:
    from keytrail.models import Submission

    found = db.get(Submission, action.submission_id) if action.submission_id else None
    return found.public_id if found else ""


@mturk.command("bonus")
def bonus(study: StudyName, by: By, submission: str, amount: str, reason: str, yes: Yes = False) -> None:
    """Send a bonus for a submission, after a preview."""
    with at_own_study(study, by) as at:
        give_bonus(at, submission, amount, reason, yes=yes)


@mturk.command("message")
def message(study: StudyName, by: By, submission: str, subject: str, text: str, yes: Yes = False) -> None:
    """Message the worker of a submission, after a preview."""
    from keytrail.platform_actions.bonuses import Letter

    with at_own_study(study, by) as at:
        write_to_worker(at, submission, Letter(subject, text), yes=yes)


@mturk.command("qualify")
def qualify(study: StudyName, by: By, worker: WorkerName, reason: Why = "", undo: Undo = False) -> None:
    """Exclude a worker from your further studies.

    A qualification hides your HITs from the worker, who is never blocked. Only this worker's request is sent.
    """
    exclude_worker(study, by, worker, reason, undo=undo)
