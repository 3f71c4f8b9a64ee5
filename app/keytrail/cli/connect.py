"""`keytrail connect …`: recruit at CloudResearch Connect, compare, and pay."""

import typer

from keytrail.cli.payments import By, StudyName, Yes
from keytrail.cli.recruiting import Reason, add_recruiting, send_choice
from keytrail.models import ActionKind
from keytrail.platform_actions.rejections import Choice

connect = typer.Typer(help="Recruit at CloudResearch Connect, compare, and pay there.", no_args_is_help=True)
add_recruiting(connect)


@connect.command("reject")
def reject(study: StudyName, by: By, submission: str, reason: Reason, yes: Yes = False) -> None:
    """Reject one submission whose rejection was proposed."""
    send_choice(study, by, submission, Choice(ActionKind.REJECT, reason), yes=yes)
