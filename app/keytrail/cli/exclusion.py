"""Exclude a worker, or readmit one: what `mturk qualify` and `exclude` of the other platforms share."""

from typing import TYPE_CHECKING, Annotated

import typer

from keytrail.cli.at_study import StudyContext, at_own_study
from keytrail.cli.sending import send_and_print
from keytrail.clock import utc_now
from keytrail.errors import NotFound

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from keytrail.models import Worker


WorkerName = Annotated[str, typer.Argument(help="The worker's pseudonym in this study.")]
Why = Annotated[str, typer.Option("--reason", help="Why; for the team, not for the worker.")]
Undo = Annotated[bool, typer.Option("--undo", help="Readmit the worker.")]


def exclude_worker(study: str, by: str, worker: str, reason: str, *, undo: bool) -> None:
    """Record an exclusion or its end, and send this worker's request to the platform, and no other.

    Raises Forbidden if there is something to send and the user may not send it.
    """
    from keytrail.models import ActionKind, Study, User
    from keytrail.platform_actions.exclusions import exclude, readmit, waiting_request
    from keytrail.platform_actions.spending import require_sender
    from keytrail.platforms import Capability
    from keytrail.platforms.registry import capabilities_of

    kind = ActionKind.READMIT if undo else ActionKind.EXCLUDE
    with at_own_study(study, by) as at:
        with at.installation.database.writing() as db:
            found, user = db.get_one(Study, at.study_id), db.get_one(User, at.user_id)
            instead = capabilities_of(found.platform).instead(Capability.EXCLUDE)
            if not instead:
                require_sender(db, found.id, kind, user.id)
            known = _worker(db, at, worker)
            if undo:
                readmit(db, found, known, user, utc_now())
            else:
                exclude(db, found, known, user, reason, utc_now())
            request = waiting_request(db, known, kind)
            number = request.id if request is not None else None
        print(f"{worker}: readmitted." if undo else f"{worker}: excluded from your further studies. {instead}".strip())
        if number is not None:
            send_and_print(at, [number])


def _worker(db: "Session", at: StudyContext, name: str) -> "Worker":
    from sqlalchemy import select

    from keytrail.models import Worker

    known = db.scalar(select(Worker).where(Worker.study_id == at.study_id, Worker.pseudonym == name))
    if known is None:
        raise NotFound(f"There is no worker {name!r} in this study.")
    return known
