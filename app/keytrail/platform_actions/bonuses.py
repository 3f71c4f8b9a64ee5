"""Queue bonuses and messages to single workers."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from keytrail.errors import BadRequest, Conflict
from keytrail.models import ActionKind, AssignmentIdentity, PlatformAction, Submission
from keytrail.platform_actions.expected_fees import bonus_fee
from keytrail.platform_actions.outbox import Order, queue
from keytrail.platforms import Capability
from keytrail.platforms.registry import capabilities_of

# MTurk: a bonus between 0.01 and 10,000 dollars, a reason up to 4,096 characters, a subject up to 200.
_MOST_CENTS = 10_000_00
_MOST_TEXT = 4096
_MOST_SUBJECT = 200


@dataclass(frozen=True)
class Bonus:
    """An amount in cents and its reason; the same token twice is one bonus."""

    cents: int
    reason: str
    token: str = ""


@dataclass(frozen=True)
class Letter:
    """A message to one worker; the same token twice is one message."""

    subject: str
    text: str
    token: str = ""


def queue_bonus(
    db: Session, submission: Submission, bonus: Bonus, user_id: int | None, now: datetime
) -> PlatformAction:
    """Queue a bonus. The submission's study must be loaded.

    Raises BadRequest for an amount or reason that no platform accepts, Conflict where there is nobody to pay.
    """
    cents, reason = bonus.cents, bonus.reason.strip()
    if not 1 <= cents <= _MOST_CENTS:
        raise BadRequest("A bonus is between 0.01 and 10,000.00.", code="bad_amount")
    if not 1 <= len(reason) <= _MOST_TEXT:
        raise BadRequest("Enter a reason for the bonus; the worker sees it.", code="reason_missing")
    _require_identity(db, submission)
    fee = bonus_fee(db, submission.study, cents)
    order = Order(
        ActionKind.BONUS,
        submission_id=submission.id,
        amount_cents=cents,
        fee_cents=fee,
        reason=reason,
        token=bonus.token,
    )
    return queue(db, submission.study, order, user_id, now)


def queue_message(
    db: Session, submission: Submission, letter: Letter, user_id: int | None, now: datetime
) -> PlatformAction:
    """Queue a message to a submission's worker.

    Raises BadRequest for one that no platform accepts, Conflict where workers cannot be messaged.
    """
    instead = capabilities_of(submission.study.platform).instead(Capability.MESSAGE)
    if instead:
        raise Conflict(instead, code="cannot_write")
    subject, text = letter.subject.strip(), letter.text.strip()
    if not 1 <= len(subject) <= _MOST_SUBJECT or not 1 <= len(text) <= _MOST_TEXT:
        raise BadRequest(
            "A message needs a subject of at most 200 characters and a text of at most 4,096.", code="bad_message"
        )
    _require_identity(db, submission)
    order = Order(
        ActionKind.MESSAGE,
        submission_id=submission.id,
        reason=text,
        parameters={"subject": subject},
        token=letter.token,
    )
    return queue(db, submission.study, order, user_id, now)


def _require_identity(db: Session, submission: Submission) -> None:
    if db.get(AssignmentIdentity, submission.session_id) is None:
        raise Conflict("No platform holds this work: it was imported, or its worker was erased.", code="no_identity")
