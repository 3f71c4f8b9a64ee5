"""`keytrail payments …`: the outbox on the command line."""

from typing import Annotated

import typer

from keytrail.cli.at_study import By, StudyContext, StudyName, Yes, at_own_study, at_study
from keytrail.cli.sending import print_preview, send_confirmed
from keytrail.clock import utc_now

payments = typer.Typer(help="Preview, send and cancel actions at platforms.", no_args_is_help=True)


@payments.command("list")
def show(study: StudyName, by: By) -> None:
    """List everything queued for a study, newest first."""
    from keytrail.models import Study
    from keytrail.platform_actions.action_list import action_lines

    with at_study(study, by) as at, at.installation.database.reading() as db:
        for line in action_lines(db, db.get_one(Study, at.study_id)):
            what = f"{line.kind:8} {line.about:24} {line.amount:>10}"
            print(f"{line.id:6} {line.state:10} {what}  {line.outcome}")


@payments.command("preview")
def preview(
    study: StudyName,
    by: By,
    numbers: Annotated[
        list[int] | None, typer.Argument(help="Default: the actions that the dashboard preselects.")
    ] = None,
) -> None:
    """Show what sending would do and cost, with the balance. Nothing is sent."""
    with at_own_study(study, by) as at:
        chosen = numbers or _selected(at)
        if chosen:
            print_preview(at, chosen)
        else:
            print("No action is preselected. Name the numbers from 'keytrail payments list'.")


def _selected(at: StudyContext) -> list[int]:
    from keytrail.models import Study
    from keytrail.platform_actions.action_list import action_lines

    with at.installation.database.reading() as db:
        lines = action_lines(db, db.get_one(Study, at.study_id))
    return [line.id for line in reversed(lines) if line.selected]


@payments.command("send")
def send(
    study: StudyName,
    by: By,
    numbers: Annotated[list[int], typer.Argument(help="Numbers from 'keytrail payments list'.")],
    again: Annotated[
        bool, typer.Option(help="Also repeat actions whose outcome is unknown. They may be performed twice.")
    ] = False,
    yes: Yes = False,
) -> None:
    """Send what was queued, after the preview and your confirmation."""
    with at_own_study(study, by) as at:
        send_confirmed(at, numbers, yes=yes, again=again)


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
    from keytrail.models import ActionKind, Study
    from keytrail.platform_actions.differences import Ruling, queue_unmatched

    with at_own_study(study, by) as at, at.installation.database.writing() as db:
        ruling = Ruling(number, ActionKind.REJECT if reject else ActionKind.APPROVE, reject)
        action = queue_unmatched(db, db.get_one(Study, at.study_id), ruling, at.user_id, utc_now())
    print(f"{action.id}: {action.kind} is queued. Send it with 'keytrail payments send {study} {action.id}'.")


@payments.command("cancel")
def take_back(study: StudyName, by: By, number: int) -> None:
    """Cancel an action that was not sent."""
    from keytrail.platform_actions.outbox import cancel, get_action

    with at_study(study, by) as at, at.installation.database.writing() as db:
        cancel(db, get_action(db, at.study_id, number), at.user_id, utc_now())
    print(f"{number}: cancelled")


@payments.command("done")
def done(study: StudyName, by: By, number: int) -> None:
    """Mark an action as done that you did at the platform."""
    from keytrail.platform_actions.outbox import get_action, mark_done

    with at_own_study(study, by) as at, at.installation.database.writing() as db:
        mark_done(db, get_action(db, at.study_id, number), at.user_id, utc_now())
    print(f"{number}: marked as done")
