"""`keytrail connect …`: recruit at CloudResearch Connect, compare, and pay."""

import typer

from keytrail.cli.at_study import By, StudyName, Yes
from keytrail.cli.exclusion import Undo, Why, WorkerName, exclude_worker
from keytrail.cli.recruitment import Reason, add_recruiting, send_choice

connect = typer.Typer(help="Recruit at CloudResearch Connect, compare, and pay there.", no_args_is_help=True)
add_recruiting(connect)


@connect.command("reject")
def reject(study: StudyName, by: By, submission: str, reason: Reason, yes: Yes = False) -> None:
    """Reject one submission whose rejection was proposed."""
    from keytrail.models import ActionKind
    from keytrail.platform_actions.rejections import Choice

    send_choice(study, by, submission, Choice(ActionKind.REJECT, reason), yes=yes)


@connect.command("exclude")
def exclude(study: StudyName, by: By, worker: WorkerName, reason: Why = "", undo: Undo = False) -> None:
    """Exclude a participant from your further studies.

    Nothing is sent to Connect: projects that are drafted later hide from them, and the first page turns them away.
    """
    exclude_worker(study, by, worker, reason, undo=undo)
