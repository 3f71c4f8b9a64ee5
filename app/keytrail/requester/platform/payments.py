"""What is to be sent to the platform, what was sent, and what differs there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, ClassVar

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from keytrail.errors import BadRequest, Conflict, NotFound
from keytrail.models import ActionKind, Role, Study, Submission, User
from keytrail.platform_actions.action_list import ActionLine, action_lines, totals_in_words
from keytrail.platform_actions.bonuses import Bonus, Letter, queue_bonus, queue_message
from keytrail.platform_actions.differences import Differences, Ruling, differences, queue_unmatched
from keytrail.platform_actions.exclusions import exclude
from keytrail.platform_actions.outbox import cancel, get_action, mark_done, set_reason
from keytrail.platform_actions.sender import SendResult
from keytrail.platforms import Capability, PlatformFault
from keytrail.platforms.money import parse_amount
from keytrail.platforms.registry import capabilities_of, platform_label
from keytrail.requester.frame import Frame, study_frame
from keytrail.requester.people.access import CurrentUser, require_owner, require_reviewer, same_origin, study_for
from keytrail.requester.platform.dependencies import CurrentReconciler, CurrentSender
from keytrail.requester.platform.messages import address, said, sent_address
from keytrail.requester.platform.payment_forms import BonusForm, MessageForm, PaymentForms, payment_forms
from keytrail.review.figures.spending import spending_of
from keytrail.review.queue.submissions import submission_and_role
from keytrail.sessions.confirmation import require_confirmed
from keytrail.web.pages import CurrentPages
from keytrail.web.services import Now, ReadSession, WriteSession

router = APIRouter(prefix="/studies/{slug}/payments", include_in_schema=False, dependencies=[Depends(same_origin)])

_MOST = 200
"""Actions that are sent at once, and so are listed: each is a request to the platform, and the page waits for it."""

Picks = Annotated[list[int], Form(max_length=_MOST)]
Text = Annotated[str, Form(max_length=5000)]
Number = Annotated[int, Form()]


@dataclass(frozen=True)
class PaymentsReader:
    """Who looks at which study's payments, and when."""

    study: Study
    role: Role
    user: User
    now: datetime


@dataclass(frozen=True)
class PaymentsPage:
    """The outbox of one study. `may_send`: owns the study and may publish and pay."""

    template: ClassVar[str] = "requester/platform/payments.html"

    frame: Frame
    study: Study
    platform: str
    may_send: bool
    figures: Sequence[tuple[str, str]]
    waiting: Sequence[ActionLine]
    """The oldest, those that failed last; `waiting_in_all` may be more."""
    waiting_in_all: int
    ended: Sequence[ActionLine]
    differences: Differences
    can_compare: bool
    forms: PaymentForms
    told: str


@router.get("")
def show_payments(
    slug: str, request: Request, user: CurrentUser, db: ReadSession, render: CurrentPages, now: Now
) -> Response:
    """Security: 404 to outsiders; reviewers and viewers look, owners who may publish and pay send."""
    study, role = study_for(db, slug, user)
    return render.render(_page(db, PaymentsReader(study, role, user, now), told=said(request.query_params)))


@router.post("/sending")
def send(slug: str, user: CurrentUser, db: ReadSession, sender: CurrentSender, pick: Picks = []) -> Response:  # noqa: B006  # FastAPI copies it
    """Send what was picked, one by one. Security: owners only."""
    study, role = study_for(db, slug, user)
    require_owner(role)
    return _sent(slug, sender.send_all(study.id, pick, user.id))


@router.post("/again")
def send_again(slug: str, user: CurrentUser, db: ReadSession, sender: CurrentSender, action: Number = 0) -> Response:
    """Send what may have been done before, knowingly. Security: owners only."""
    study, role = study_for(db, slug, user)
    require_owner(role)
    return _sent(slug, [sender.send(study.id, action, user.id, again=True)])


@router.post("/cancelled")
def take_back(slug: str, user: CurrentUser, db: WriteSession, now: Now, action: Number = 0) -> Response:
    """Security: whoever may decide may take back what was queued."""
    study, role = study_for(db, slug, user)
    require_reviewer(role)
    cancel(db, get_action(db, study.id, action), user.id, now)
    return _back(slug, "cancelled")


@router.post("/done")
def done_by_hand(slug: str, user: CurrentUser, db: WriteSession, now: Now, action: Number = 0) -> Response:
    """Security: owners only."""
    study, role = study_for(db, slug, user)
    require_owner(role)
    mark_done(db, get_action(db, study.id, action), user.id, now)
    return _back(slug, "done")


@router.post("/feedback")
def say_otherwise(slug: str, user: CurrentUser, db: WriteSession, action: Number = 0, reason: Text = "") -> Response:
    """Change what the worker will be told. Security: whoever may decide."""
    study, role = study_for(db, slug, user)
    require_reviewer(role)
    set_reason(get_action(db, study.id, action), reason)
    return _back(slug, "feedback")


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
    study, role = study_for(db, slug, user)
    require_owner(role)
    try:
        found = _submission(db, study, submission, user)
        queue_bonus(db, found, Bonus(parse_amount(amount), reason, token), user.id, now)
    except (BadRequest, NotFound, Conflict) as problem:
        forms = payment_forms(study, bonus=BonusForm(submission, amount, reason, token, problem.message))
        return render.render(_page(db, PaymentsReader(study, role, user, now), forms=forms), status=problem.status)
    return _back(slug, "bonus")


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
    study, role = study_for(db, slug, user)
    require_owner(role)
    try:
        found = _submission(db, study, submission, user)
        queue_message(db, found, Letter(subject, text, token), user.id, now)
    except (BadRequest, NotFound, Conflict) as problem:
        forms = payment_forms(study, message=MessageForm(submission, subject, text, token, problem.message))
        return render.render(_page(db, PaymentsReader(study, role, user, now), forms=forms), status=problem.status)
    return _back(slug, "message")


@router.post("/exclusion")
def exclude_worker(
    slug: str, user: CurrentUser, db: WriteSession, now: Now, submission: Text = "", reason: Text = ""
) -> Response:
    """Keep a submission's worker out of the owner's further studies. Security: owners only."""
    study, role = study_for(db, slug, user)
    require_owner(role)
    found = _submission(db, study, submission, user)
    require_confirmed(db, study, found.session)
    exclude(db, study, found.session.worker, user, reason, now)
    return _back(slug, "kept_out")


@router.post("/comparison")
def compare(
    slug: str, user: CurrentUser, db: ReadSession, reconciler: CurrentReconciler, render: CurrentPages, now: Now
) -> Response:
    """Ask the platform. Security: whoever may decide."""
    study, role = study_for(db, slug, user)
    require_reviewer(role)
    try:
        found = reconciler.compare(study.id)
    except PlatformFault as fault:
        # What the platform said stands on the page that answers, and in no address.
        return render.render(_page(db, PaymentsReader(study, role, user, now), told=fault.message))
    return _back(slug, "compared", found.news, found.freed)


@router.post("/unmatched")
def settle_unmatched(
    slug: str, user: CurrentUser, db: WriteSession, now: Now, number: Number = 0, kind: Text = "", reason: Text = ""
) -> Response:
    """Queue an approval or rejection of work that the platform holds and that has no text here. Owners only."""
    study, role = study_for(db, slug, user)
    require_owner(role)
    wanted = ActionKind.REJECT if kind == ActionKind.REJECT else ActionKind.APPROVE
    queue_unmatched(db, study, Ruling(number, wanted, reason), user.id, now)
    return _back(slug, "waits")


def _page(db: Session, reader: PaymentsReader, *, told: str = "", forms: PaymentForms | None = None) -> PaymentsPage:
    study, role, now = reader.study, reader.role, reader.now
    return PaymentsPage(
        frame=study_frame(reader.user, study, role, "payments"),
        study=study,
        platform=platform_label(study.platform),
        may_send=role == Role.OWNER and reader.user.may_spend,
        figures=totals_in_words(db, study, now),
        waiting=action_lines(db, study, waiting=True, most=_MOST),
        waiting_in_all=spending_of(db, [study.id])[study.id].waiting,
        ended=action_lines(db, study, waiting=False),
        differences=differences(db, study, now),
        can_compare=capabilities_of(study.platform).can(Capability.LIST) and role != Role.VIEWER,
        forms=forms or payment_forms(study),
        told=told,
    )


def _submission(db: Session, study: Study, public_id: str, user: User) -> Submission:
    found, _ = submission_and_role(db, public_id.strip(), user)
    if found.study_id != study.id:
        raise NotFound("There is no such submission in this study.")
    return found


def _sent(slug: str, sent: Sequence[SendResult]) -> Response:
    return RedirectResponse(sent_address(_home(slug), sent, "sent", "not_sent"), status_code=303)


def _back(slug: str, message: str, done: int = 0, left: int = 0) -> Response:
    return RedirectResponse(address(_home(slug), message, done, left), status_code=303)


def _home(slug: str) -> str:
    return f"/studies/{slug}/payments"
