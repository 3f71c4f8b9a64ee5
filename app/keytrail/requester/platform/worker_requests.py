"""An owner's requests about one worker: a bonus, a message or an exclusion. Each is queued in the outbox."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response
from sqlalchemy.orm import Session

from keytrail.errors import BadRequest, Conflict, DomainError, NotFound
from keytrail.models import Submission
from keytrail.platform_actions.bonuses import Bonus, Letter, queue_bonus, queue_message
from keytrail.platform_actions.exclusions import exclude
from keytrail.platforms.money import parse_amount
from keytrail.requester.forms import SentForm
from keytrail.requester.people.access import CurrentUser, require_owner, same_origin, study_for
from keytrail.requester.platform.payment_forms import BonusForm, MessageForm, PaymentForms, payment_forms
from keytrail.requester.platform.payments_page import PaymentsReader, Text, back, payments_page
from keytrail.review.queue.submissions import submission_and_role
from keytrail.sessions.confirmation import require_confirmed
from keytrail.web.pages import CurrentPages, Pages
from keytrail.web.services import Now, WriteSession

router = APIRouter(prefix="/studies/{slug}/payments", include_in_schema=False, dependencies=[Depends(same_origin)])

_CORRECTABLE = (BadRequest, NotFound, Conflict)
"""Mistakes in a form, which is then shown again with what was typed."""
_LONGEST = 5000


@dataclass(frozen=True)
class WorkerRequest:
    """An owner who asks for something in a study."""

    db: Session
    reader: PaymentsReader
    render: Pages

    @property
    def user_id(self) -> int:
        """The id of the user who asks, for the outbox and the audit log."""
        return self.reader.user.id

    @property
    def now(self) -> datetime:
        """The time at which the request arrived, in UTC."""
        return self.reader.now

    def submission(self, public_id: str) -> Submission:
        """A submission of this study. Raises NotFound."""
        found, _ = submission_and_role(self.db, public_id.strip(), self.reader.user)
        if found.study_id != self.reader.study.id:
            raise NotFound("There is no such submission in this study.")
        return found

    def again(self, problem: DomainError, forms: PaymentForms) -> Response:
        """The page with what was typed and what is wrong with it."""
        page = payments_page(self.db, self.reader, forms=forms)
        return self.render.render(page, status=problem.status)


def _asked(slug: str, user: CurrentUser, db: WriteSession, now: Now, render: CurrentPages) -> WorkerRequest:
    """Security: owners only."""
    reader = PaymentsReader(*study_for(db, slug, user), user, now)
    require_owner(reader.role)
    return WorkerRequest(db, reader, render)


Asked = Annotated[WorkerRequest, Depends(_asked)]


@router.post("/bonus")
def give_bonus(slug: str, asked: Asked, sent: SentForm) -> Response:
    """Queue a bonus. Security: owners only; the submission must be of this study."""
    typed = BonusForm(**_texts(sent, "submission", "amount", "reason", "token"))
    try:
        bonus = Bonus(parse_amount(typed.amount), typed.reason, typed.token)
        queue_bonus(asked.db, asked.submission(typed.submission), bonus, asked.user_id, asked.now)
    except _CORRECTABLE as problem:
        form = replace(typed, problem=problem.message)
        return asked.again(problem, payment_forms(asked.reader.study, bonus=form))
    return back(slug, "bonus")


@router.post("/message")
def write_to_worker(slug: str, asked: Asked, sent: SentForm) -> Response:
    """Queue a message. Security: owners only; the submission must be of this study."""
    typed = MessageForm(**_texts(sent, "submission", "subject", "text", "token"))
    try:
        letter = Letter(typed.subject, typed.text, typed.token)
        queue_message(asked.db, asked.submission(typed.submission), letter, asked.user_id, asked.now)
    except _CORRECTABLE as problem:
        form = replace(typed, problem=problem.message)
        return asked.again(problem, payment_forms(asked.reader.study, message=form))
    return back(slug, "message")


@router.post("/exclusion")
def exclude_worker(slug: str, asked: Asked, submission: Text = "", reason: Text = "") -> Response:
    """Exclude a submission's worker from the owner's further studies. Security: owners only."""
    found, study = asked.submission(submission), asked.reader.study
    require_confirmed(asked.db, study, found.session)
    exclude(asked.db, study, found.session.worker, asked.reader.user, reason, asked.now)
    return back(slug, "excluded")


def _texts(sent: SentForm, *names: str) -> dict[str, str]:
    return {name: sent.get(name, "")[:_LONGEST] for name in names}
