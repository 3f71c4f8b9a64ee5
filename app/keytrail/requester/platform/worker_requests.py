"""An owner's requests about one worker: a bonus, a message or an exclusion. Each is queued in the outbox."""

from fastapi import APIRouter, Depends
from fastapi.responses import Response
from sqlalchemy.orm import Session

from keytrail.errors import BadRequest, Conflict, NotFound
from keytrail.models import Submission
from keytrail.platform_actions.bonuses import Bonus, Letter, queue_bonus, queue_message
from keytrail.platform_actions.exclusions import exclude
from keytrail.platforms.money import parse_amount
from keytrail.requester.people.access import CurrentUser, require_owner, same_origin, study_for
from keytrail.requester.platform.payment_forms import BonusForm, MessageForm, payment_forms
from keytrail.requester.platform.payments_page import PaymentsReader, Text, back, payments_page
from keytrail.review.queue.submissions import submission_and_role
from keytrail.sessions.confirmation import require_confirmed
from keytrail.web.pages import CurrentPages
from keytrail.web.services import Now, WriteSession

router = APIRouter(prefix="/studies/{slug}/payments", include_in_schema=False, dependencies=[Depends(same_origin)])

_CORRECTABLE = (BadRequest, NotFound, Conflict)
"""Errors in a form, which is then shown again with its values."""


@router.post("/bonus")
def give_bonus(
    slug: str,
    user: CurrentUser,
    db: WriteSession,
    now: Now,
    render: CurrentPages,
    submission: Text = "",
    amount: Text = "",
    reason: Text = "",
    token: Text = "",
) -> Response:
    """Queue a bonus. Security: owners only; the submission must be of this study."""
    reader = PaymentsReader(*study_for(db, slug, user), user, now)
    require_owner(reader.role)
    try:
        bonus = Bonus(parse_amount(amount), reason, token)
        queue_bonus(db, _submission(db, reader, submission), bonus, user.id, now)
    except _CORRECTABLE as problem:
        typed = BonusForm(submission, amount, reason, token, problem.message)
        forms = payment_forms(reader.study, bonus=typed)
        return render.render(payments_page(db, reader, forms=forms), status=problem.status)
    return back(slug, "bonus")


@router.post("/message")
def write_to_worker(
    slug: str,
    user: CurrentUser,
    db: WriteSession,
    now: Now,
    render: CurrentPages,
    submission: Text = "",
    subject: Text = "",
    text: Text = "",
    token: Text = "",
) -> Response:
    """Queue a message. Security: owners only; the submission must be of this study."""
    reader = PaymentsReader(*study_for(db, slug, user), user, now)
    require_owner(reader.role)
    try:
        queue_message(db, _submission(db, reader, submission), Letter(subject, text, token), user.id, now)
    except _CORRECTABLE as problem:
        typed = MessageForm(submission, subject, text, token, problem.message)
        forms = payment_forms(reader.study, message=typed)
        return render.render(payments_page(db, reader, forms=forms), status=problem.status)
    return back(slug, "message")


@router.post("/exclusion")
def exclude_worker(
    slug: str, user: CurrentUser, db: WriteSession, now: Now, submission: Text = "", reason: Text = ""
) -> Response:
    """Exclude a submission's worker from the owner's further studies. Security: owners only."""
    reader = PaymentsReader(*study_for(db, slug, user), user, now)
    require_owner(reader.role)
    found = _submission(db, reader, submission)
    require_confirmed(db, reader.study, found.session)
    exclude(db, reader.study, found.session.worker, user, reason, now)
    return back(slug, "excluded")


def _submission(db: Session, reader: PaymentsReader, public_id: str) -> Submission:
    found, _ = submission_and_role(db, public_id.strip(), reader.user)
    if found.study_id != reader.study.id:
        raise NotFound("There is no such submission in this study.")
    return found
