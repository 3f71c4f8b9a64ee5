"""Decide about submissions: `keytrail decide`."""

from typing import Annotated

import typer

from keytrail.cli.opened import opened
from keytrail.clock import utc_now
from keytrail.errors import BadRequest, Forbidden
from keytrail.models import DecisionKind, Role
from keytrail.provenance.formatting import count
from keytrail.review.judging.decisions import REASONS, DecisionInput, decide
from keytrail.review.queue.submissions import submission_and_role
from keytrail.users.accounts import user_by_email

_KINDS = ", ".join(DecisionKind)


def decide_submission(
    kind: Annotated[str, typer.Argument(help=f"One of: {_KINDS}.")],
    submissions: Annotated[list[str], typer.Argument(help="Submissions' receipts.")],
    by: Annotated[str, typer.Option("--by", help="Your e-mail address in Keytrail; it is recorded with the action.")],
    reason: Annotated[str, typer.Option(help=f"One of: {', '.join(REASONS)}.")] = "",
    note: Annotated[str, typer.Option(help="Your explanation.")] = "",
) -> None:
    """Record a decision about submissions: about all of them, or none. It queues payments and sends nothing."""
    if kind not in set(DecisionKind):
        raise BadRequest(f"There is no decision {kind!r}. Choose one of: {_KINDS}.")
    with opened() as at, at.database.writing() as db:
        user = user_by_email(db, by)
        for public_id in dict.fromkeys(submissions):
            submission, role = submission_and_role(db, public_id, user)
            if role == Role.VIEWER:
                raise Forbidden(f"{by} can view this study, but not decide. Ask its owner for the role reviewer.")
            decide(db, submission, user, DecisionInput(DecisionKind(kind), reason, note), utc_now())
    print(f"Decided: {kind}, {count(len(set(submissions)), 'submission')}. Payments are queued.")
