"""The forms for one worker: bonus, message, exclusion.

They are on the payments', the submission's and the worker's page, and all use the outbox.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from keytrail.models import AssignmentIdentity, Study, Submission
from keytrail.platform_actions.outbox import new_token
from keytrail.platforms import Capability
from keytrail.platforms.registry import capabilities_of


@dataclass(frozen=True)
class BonusForm:
    """The bonus form with its input; `token` makes submitting it twice one bonus."""

    submission: str = ""
    amount: str = ""
    reason: str = ""
    token: str = field(default_factory=new_token)
    problem: str = ""


@dataclass(frozen=True)
class MessageForm:
    """The message form with its input; `token` makes submitting it twice one message."""

    submission: str = ""
    subject: str = ""
    text: str = ""
    token: str = field(default_factory=new_token)
    problem: str = ""


@dataclass(frozen=True)
class PaymentForms:
    """`choices` are submissions and their names; one needs no choice, none asks for a receipt.

    `instead_…` is empty where the platform supports it, otherwise it says what to do there.
    """

    action: str
    currency: str
    choices: Sequence[tuple[str, str]]
    instead_of_bonus: str
    instead_of_message: str
    instead_of_exclusion: str
    bonus: BonusForm
    message: MessageForm


def payment_forms(
    study: Study,
    choices: Sequence[tuple[str, str]] = (),
    *,
    bonus: BonusForm | None = None,
    message: MessageForm | None = None,
) -> PaymentForms:
    """Return the forms of a study, empty or with their input."""
    capabilities = capabilities_of(study.platform)
    return PaymentForms(
        action=f"/studies/{study.slug}/payments",
        currency=study.currency,
        choices=choices,
        instead_of_bonus=capabilities.instead(Capability.BONUS),
        instead_of_message=capabilities.instead(Capability.MESSAGE),
        instead_of_exclusion=capabilities.instead(Capability.EXCLUDE),
        bonus=bonus or BonusForm(),
        message=message or MessageForm(),
    )


def held_by_platform(db: Session, public_ids: Sequence[str]) -> set[str]:
    """Return those of some submissions that a platform holds: not imported, and the worker not erased."""
    query = (
        select(Submission.public_id)
        .join(AssignmentIdentity, AssignmentIdentity.session_id == Submission.session_id)
        .where(Submission.public_id.in_(public_ids))
    )
    return set(db.scalars(query))
