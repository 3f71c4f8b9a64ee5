"""Recruiting commands that `keytrail prolific …` and `keytrail connect …` share: draft, publish, places, pause, end,
pay.
"""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from keytrail.cli.at_study import By, StudyContext, StudyName, Yes, at_own_study, at_study, confirmed
from keytrail.cli.differences import print_differences
from keytrail.cli.mturk import Submissions, message
from keytrail.cli.mturk import sync as compare
from keytrail.cli.sending import give_bonus, send_and_print, send_new, send_waiting
from keytrail.clock import utc_now
from keytrail.errors import NotFound

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from keytrail.models import ActionKind, PlatformAction, PlatformTask, Study
    from keytrail.platform_actions.rejections import Choice


Reason = Annotated[str, typer.Option(help="What the participant is told.")]


def add_recruiting(group: typer.Typer) -> None:
    """Give a platform's group of commands those that both platforms have."""
    for name, command in (
        ("draft", draft),
        ("publish", publish),
        ("status", status),
        ("extend", extend),
        ("pause", pause),
        ("resume", resume),
        ("stop", stop),
        ("sync", compare),
        ("approve", approve),
        ("bonus", bonus),
        ("message", message),
    ):
        group.command(name)(command)


def draft(
    study: StudyName,
    by: By,
    places: Annotated[int | None, typer.Option(help="Default: items times workers per item.")] = None,
    minutes: Annotated[int | None, typer.Option(help="How long it is expected to take.")] = None,
    title: Annotated[str | None, typer.Option(help="Default: the study's title.")] = None,
    description: Annotated[str | None, typer.Option(help="What participants read before they take part.")] = None,
    hide_from_excluded: Annotated[bool, typer.Option(help="Hide it from participants you have excluded.")] = True,
    part_pay: Annotated[bool, typer.Option(help="Prolific: let me pay a part of the reward.")] = False,
    screen_out: Annotated[str, typer.Option(help="Prolific: fixed payment for whoever does not qualify.")] = "",
    screen_out_places: Annotated[int, typer.Option(help="Prolific: for how many at most.")] = 10,
    project: Annotated[str, typer.Option(help="Prolific's id of the project. Default: your default project.")] = "",
) -> None:
    """Create a draft with the link and the completion codes. It costs nothing, and nobody sees it."""
    from sqlalchemy import select

    from keytrail.models import ActionKind, Item, Study
    from keytrail.platform_actions.recruitment import Drafting, default_study_offer, queue_draft, read_study_offer
    from keytrail.platform_actions.spending import require_sender

    given = {"places": places, "minutes": minutes, "title": title, "description": description}
    chosen: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    chosen |= {
        "hide_from_excluded": hide_from_excluded, "part_pay": part_pay,
        "screen_out": screen_out, "screen_out_places": screen_out_places,
        "project": project,
    }  # fmt: skip
    with at_own_study(study, by) as at:
        with at.installation.database.writing() as db:
            require_sender(db, at.study_id, ActionKind.DRAFT, at.user_id)
            found = db.get_one(Study, at.study_id)
            items = len(db.scalars(select(Item.id).where(Item.study_id == found.id)).all())
            offer = read_study_offer(default_study_offer(db, found, items) | chosen)
            drafting = Drafting(at.installation.settings.public_url, at.installation.keyring)
            number = queue_draft(db, found, offer, drafting, at.user_id, utc_now()).id
        send_and_print(at, [number])
        _print_task(at)


def publish(study: StudyName, by: By, yes: Yes = False) -> None:
    """Publish the draft, after telling what it costs."""
    from keytrail.platforms.money import money
    from keytrail.provenance.formatting import count

    with at_own_study(study, by) as at:
        with at.installation.database.previewing() as db:
            action, task = _launch(db, at)
            total = money(action.amount_cents + action.fee_cents, action.currency)
            question = f"Publish {count(task.places, 'place')} for {total}, fees and tax included?"
        confirmed(question, yes=yes)
        with at.installation.database.writing() as db:
            number = _launch(db, at)[0].id
        send_and_print(at, [number])


def _launch(db: "Session", at: StudyContext) -> "tuple[PlatformAction, PlatformTask]":
    from keytrail.models import ActionKind
    from keytrail.platform_actions.recruitment import queue_launch

    found, task = _own_task(db, at, ActionKind.PUBLISH)
    return queue_launch(db, found, task, at.user_id, utc_now()), task


def status(study: StudyName, by: By) -> None:
    """What there is at the platform, the study's money, and where both differ."""
    from keytrail.models import Study
    from keytrail.platform_actions.action_list import totals_in_words

    with at_study(study, by) as at:
        _print_task(at)
        with at.installation.database.reading() as db:
            for name, amount in totals_in_words(db, db.get_one(Study, at.study_id), utc_now()):
                print(f"{name}: {amount}")
        print_differences(at)


def extend(study: StudyName, by: By, places: int, yes: Yes = False) -> None:
    """Add places."""
    from keytrail.platforms.money import money
    from keytrail.provenance.formatting import count

    with at_own_study(study, by) as at:
        with at.installation.database.previewing() as db:
            action = _extension(db, at, places)
            total = money(action.amount_cents + action.fee_cents, action.currency)
        confirmed(f"Add {count(places, 'place')} for {total}?", yes=yes)
        with at.installation.database.writing() as db:
            number = _extension(db, at, places).id
        send_and_print(at, [number])


def _extension(db: "Session", at: StudyContext, places: int) -> "PlatformAction":
    from keytrail.models import ActionKind
    from keytrail.platform_actions.publication import queue_extension

    found, task = _own_task(db, at, ActionKind.EXTEND)
    return queue_extension(db, found, task, places, at.user_id, utc_now())


def pause(study: StudyName, by: By) -> None:
    """Take no new participants for now; who has begun may finish."""
    from keytrail.models import ActionKind

    _change(study, by, ActionKind.PAUSE)


def resume(study: StudyName, by: By) -> None:
    """Take participants again."""
    from keytrail.models import ActionKind

    _change(study, by, ActionKind.RESUME)


def stop(study: StudyName, by: By) -> None:
    """Take no new participants for good; who has begun may finish."""
    from keytrail.models import ActionKind
    from keytrail.platform_actions.publication import queue_expiry as queue_end

    with at_own_study(study, by) as at:
        with at.installation.database.writing() as db:
            found, task = _own_task(db, at, ActionKind.EXPIRE)
            number = queue_end(db, found, task, at.user_id, utc_now()).id
        send_and_print(at, [number])


def approve(study: StudyName, by: By, submissions: Submissions = None, yes: Yes = False) -> None:
    """Send queued approvals, after a preview."""
    from keytrail.models import ActionKind

    with at_own_study(study, by) as at:
        send_waiting(at, (ActionKind.APPROVE,), submissions or [], yes=yes)


def bonus(
    study: StudyName,
    by: By,
    submission: str,
    amount: Annotated[str, typer.Argument(help="In the study's currency, such as 1.50.")],
    reason: str,
    yes: Yes = False,
) -> None:
    """Send a bonus for a submission, after a preview."""
    with at_own_study(study, by) as at:
        give_bonus(at, submission, amount, reason, yes=yes)


def send_choice(study: str, by: str, submission: str, choice: "Choice", *, yes: bool) -> None:
    """Choose what becomes of one submission whose rejection was proposed, and send it after a preview.

    One person, one submission.
    """
    with at_own_study(study, by) as at:
        send_new(at, lambda db: _chosen(db, at, submission, choice), yes=yes)


def _chosen(db: "Session", at: StudyContext, submission: str, choice: "Choice") -> "PlatformAction":
    from sqlalchemy import select

    from keytrail.models import ActionState, PlatformAction, Study, Submission
    from keytrail.platform_actions.rejections import CHOOSABLE, choose
    from keytrail.platform_actions.spending import require_sender

    require_sender(db, at.study_id, choice.kind, at.user_id)
    waiting = db.scalars(
        select(PlatformAction)
        .join(Submission, Submission.id == PlatformAction.submission_id)
        .where(PlatformAction.study_id == at.study_id, Submission.public_id == submission)
        .where(PlatformAction.kind.in_(CHOOSABLE))
        .where(PlatformAction.state.in_((ActionState.QUEUED, ActionState.FAILED)))
        .with_for_update(of=PlatformAction)
    ).first()
    if waiting is None:
        raise NotFound(f"No rejection of {submission} waits. Propose one in the dashboard first.")
    return choose(db, db.get_one(Study, at.study_id), waiting, choice, at.user_id, utc_now())


def _change(study: str, by: str, kind: "ActionKind") -> None:
    from keytrail.platform_actions.recruitment import queue_change

    with at_own_study(study, by) as at:
        with at.installation.database.writing() as db:
            found, task = _own_task(db, at, kind)
            number = queue_change(db, found, task, kind, at.user_id, utc_now()).id
        send_and_print(at, [number])


def _own_task(db: "Session", at: StudyContext, kind: "ActionKind") -> "tuple[Study, PlatformTask]":
    """The study and what there is of it at the platform. Raises Forbidden first, then NotFound."""
    from keytrail.models import Study
    from keytrail.platform_actions.recruitment import current_task
    from keytrail.platform_actions.spending import require_sender

    require_sender(db, at.study_id, kind, at.user_id)
    study = db.get_one(Study, at.study_id)
    task = current_task(db, study)
    if task is None:
        raise NotFound("This study was not created at its platform from here.")
    return study, task


def _print_task(at: StudyContext) -> None:
    from keytrail.models import Study
    from keytrail.platform_actions.ledger import charged_currency
    from keytrail.platform_actions.recruitment import current_task
    from keytrail.platform_actions.tasks import cost_of
    from keytrail.platforms.money import money

    with at.installation.database.reading() as db:
        study = db.get_one(Study, at.study_id)
        task = current_task(db, study)
        if task is None:
            print("Nothing was created at the platform from here.")
            return
        counts = f"{task.completed} submitted, {task.pending} in progress, {task.available} open of {task.places}"
        total = money(cost_of(task), charged_currency(study))
        print(f"{task.external_id}  {task.status}  {counts}; all places cost {total}, fees and tax included")
