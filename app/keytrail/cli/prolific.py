"""`keytrail prolific …`: recruit at Prolific, compare, decide what becomes of submissions, and pay."""

from typing import Annotated

import typer

from keytrail.cli.at_study import By, StudyName, Yes, at_own_study
from keytrail.cli.exclusion import Undo, Why, WorkerName, exclude_worker
from keytrail.cli.recruitment import Reason, add_recruiting, send_choice
from keytrail.clock import utc_now
from keytrail.errors import NotFound
from keytrail.platforms.prolific import Prolific

prolific = typer.Typer(help="Recruit at Prolific, compare, and pay there.", no_args_is_help=True)
add_recruiting(prolific)

Receipt = Annotated[str, typer.Argument(help="The submission's receipt; its rejection was proposed.")]


@prolific.command("test")
def test(study: StudyName, by: By) -> None:
    """Print the address at which a test participant takes the draft. Create one at Prolific first."""
    from keytrail.models import ActionKind, Study
    from keytrail.platform_actions.performing import Connections
    from keytrail.platform_actions.recruitment import current_task
    from keytrail.platform_actions.spending import require_sender

    with at_own_study(study, by) as at:
        with at.installation.database.reading() as db:
            require_sender(db, at.study_id, ActionKind.DRAFT, at.user_id)
            task = current_task(db, db.get_one(Study, at.study_id))
        if task is None:
            raise NotFound("There is no draft. Create one with 'keytrail prolific draft'.")
        print(Connections(at.installation.settings).prolific.test_study(task.external_id))


@prolific.command("return")
def ask_for_return(study: StudyName, by: By, submission: Receipt, reason: Reason, yes: Yes = False) -> None:
    """Ask a participant to return a submission, instead of rejecting it."""
    from keytrail.models import ActionKind
    from keytrail.platform_actions.rejections import Choice

    send_choice(study, by, submission, Choice(ActionKind.RETURN, reason), yes=yes)


@prolific.command("part-pay")
def part_pay(
    study: StudyName,
    by: By,
    submission: Receipt,
    percentage: Annotated[int, typer.Argument(help="Of the reward: 8 to 99.")],
    reason: Reason = "",
    yes: Yes = False,
) -> None:
    """Pay a part of the reward, instead of rejecting."""
    from keytrail.models import ActionKind
    from keytrail.platform_actions.rejections import Choice

    send_choice(study, by, submission, Choice(ActionKind.PART_PAY, reason, percentage=percentage), yes=yes)


@prolific.command("screen-out")
def screen_out(study: StudyName, by: By, submission: Receipt, yes: Yes = False) -> None:
    """Screen a participant out with the study's fixed payment, instead of rejecting."""
    from keytrail.models import ActionKind
    from keytrail.platform_actions.rejections import Choice

    send_choice(study, by, submission, Choice(ActionKind.SCREEN_OUT), yes=yes)


@prolific.command("reject")
def reject(
    study: StudyName,
    by: By,
    submission: Receipt,
    category: Annotated[str, typer.Option(help=f"One of {', '.join(Prolific.rejection.grounds)}.")],
    reason: Annotated[str, typer.Option(help="What the participant is told: at least 100 characters.")],
    yes: Yes = False,
) -> None:
    """Reject one submission, on one of Prolific's grounds. A detector's finding alone is none."""
    from keytrail.models import ActionKind
    from keytrail.platform_actions.rejections import Choice

    send_choice(study, by, submission, Choice(ActionKind.REJECT, reason, category), yes=yes)


@prolific.command("exclude")
def exclude(study: StudyName, by: By, worker: WorkerName, reason: Why = "", undo: Undo = False) -> None:
    """Exclude a participant from your further studies.

    Your participant group at Prolific hides your studies from them. Only this participant's request is sent.
    """
    exclude_worker(study, by, worker, reason, undo=undo)


@prolific.command("subscribe")
def subscribe(study: StudyName, by: By) -> None:
    """Have Prolific tell at once what becomes of submissions: makes secret, subscription and confirmation."""
    from keytrail.models import Study
    from keytrail.platform_actions.performing import Connections
    from keytrail.platform_actions.webhook import require_subscribable
    from keytrail.platform_actions.webhook import subscribe as subscribe_at

    with at_own_study(study, by) as at:
        settings = at.installation.settings
        with at.installation.database.writing() as db:
            require_subscribable(db, db.get_one(Study, at.study_id), settings, at.user_id, utc_now())
        done = subscribe_at(Connections(settings).prolific, settings, study)
        print(f"Prolific {'already sends' if done.already else 'now sends'} messages to {done.url}.")
        print("The secret is stored in the data folder. A running server uses it at once.")
