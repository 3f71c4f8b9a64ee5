"""The payment section of a submission's page: platform actions so far, and forms for more."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from keytrail.models import Role, Submission
from keytrail.platform_actions.action_list import ActionLine, action_lines
from keytrail.platforms.registry import platform_label
from keytrail.requester.platform.payment_forms import PaymentForms, held_by_platform, payment_forms


@dataclass(frozen=True)
class SubmissionPayment:
    """`held`: a platform knows of this work. `forms` is None for readers who may not use them."""

    platform: str
    held: bool
    waiting: Sequence[ActionLine]
    ended: Sequence[ActionLine]
    forms: PaymentForms | None


def submission_payment(db: Session, submission: Submission, role: Role) -> SubmissionPayment:
    """Return the section for one reader. The submission's study must be loaded."""
    study, public_id = submission.study, submission.public_id
    lines = action_lines(db, study, submission_id=submission.id)
    held = bool(held_by_platform(db, [public_id]))
    return SubmissionPayment(
        platform=platform_label(study.platform),
        held=held,
        waiting=[line for line in lines if not line.over],
        ended=[line for line in lines if line.over],
        forms=payment_forms(study, [(public_id, public_id)]) if held and role == Role.OWNER else None,
    )
