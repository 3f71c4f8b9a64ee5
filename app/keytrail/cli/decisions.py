"""Decide about submissions: `keytrail decide`."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from keytrail.cli.installation import open_installation
from keytrail.clock import utc_now
from keytrail.errors import BadRequest, Forbidden
from keytrail.review.judging.reasons import REASONS

if TYPE_CHECKING:
    from keytrail.models import PlatformAction


KINDS = ("accept", "exclude", "second_look", "propose_rejection", "withdrawn")
"""As in DecisionKind, whose module loads the database; a test compares them."""


def decide_submission(
    kind: Annotated[str, typer.Argument(help=f"One of: {', '.join(KINDS)}.")],
    submissions: Annotated[list[str], typer.Argument(help="Submissions' receipts.")],
    by: Annotated[str, typer.Option("--by", help="Your e-mail address in Keytrail; it is recorded with the action.")],
    reason: Annotated[str, typer.Option(help=f"One of: {', '.join(REASONS)}.")] = "",
    note: Annotated[str, typer.Option(help="Your explanation.")] = "",
) -> None:
    """Record a decision about submissions: about all of them, or none.

    It queues the approval or rejection that follows from it, and sends nothing.
    """
    from keytrail.models import DecisionKind, Role
    from keytrail.platform_actions.decision_actions import queued_by
    from keytrail.provenance.formatting import count
    from keytrail.review.judging.decisions import DecisionInput, decide
    from keytrail.review.queue.submissions import worker_submission
    from keytrail.users.accounts import user_by_email

    if kind not in KINDS:
        raise BadRequest(f"There is no decision {kind!r}. Choose one of: {', '.join(KINDS)}.")
    with open_installation() as at, at.database.writing() as db:
        user, decisions = user_by_email(db, by), []
        for public_id in dict.fromkeys(submissions):
            submission, role = worker_submission(db, public_id, user)
            if role == Role.VIEWER:
                raise Forbidden(f"{by} can view this study, but not decide. Ask its owner for the role reviewer.")
            choice = DecisionInput(DecisionKind(kind), reason, note)
            decisions.append(decide(db, submission, user, choice, utc_now()))
        queued = _queued_in_words(queued_by(db, decisions))
    print(f"Decided: {kind}, {count(len(set(submissions)), 'submission')}.{queued}")


def _queued_in_words(actions: "Sequence[PlatformAction]") -> str:
    """One decision queues actions of one kind; empty if it queued none."""
    from keytrail.models import ActionKind
    from keytrail.provenance.formatting import count

    if not actions:
        return ""
    noun = "rejection" if actions[0].kind == ActionKind.REJECT else "approval"
    return f" {count(len(actions), noun)} queued; nothing is sent yet."
