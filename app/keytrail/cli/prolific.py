"""`keytrail prolific …`: compare with Prolific, and pay there."""

from typing import Annotated

import typer

from keytrail.cli.mturk import Submissions
from keytrail.cli.mturk import sync as compare
from keytrail.cli.payments import By, StudyName, Yes, at_own_study, confirmed, give_bonus, send_waiting
from keytrail.models import ActionKind

prolific = typer.Typer(help="Compare with Prolific and pay there.", no_args_is_help=True)

prolific.command("sync")(compare)


@prolific.command("approve")
def approve(study: StudyName, by: By, submissions: Submissions = None, yes: Yes = False) -> None:
    """Send the approvals that wait, after a preview."""
    with at_own_study(study, by) as at:
        send_waiting(at, (ActionKind.APPROVE,), submissions or [], yes=yes)


@prolific.command("bonus")
def bonus(
    study: StudyName,
    by: By,
    submission: str,
    amount: Annotated[str, typer.Argument(help="In the study's currency, such as 1.50.")],
    reason: str,
    yes: Yes = False,
) -> None:
    """Send a bonus for a submission."""
    with at_own_study(study, by) as at:
        confirmed(f"Send a bonus of {amount}?", yes=yes)
        give_bonus(at, submission, amount, reason)
