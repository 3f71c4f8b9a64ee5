"""The Payments page: what is to be sent to the platform, what was sent, and differences."""

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from keytrail.models import ActionKind
from keytrail.platform_actions.differences import Ruling, queue_unmatched
from keytrail.platform_actions.outbox import cancel, get_action, set_reason
from keytrail.platform_actions.spending import require_account_use
from keytrail.platforms import PlatformFault
from keytrail.requester.people.access import CurrentUser, require_owner, require_reviewer, same_origin, study_for
from keytrail.requester.platform.dependencies import CurrentReconciler
from keytrail.requester.platform.payments_page import Number, PaymentsReader, Text, back, payments_page
from keytrail.web.pages import CurrentPages
from keytrail.web.services import Now, ReadSession, WriteSession

router = APIRouter(prefix="/studies/{slug}/payments", include_in_schema=False, dependencies=[Depends(same_origin)])


@router.get("")
def show_payments(
    slug: str, request: Request, user: CurrentUser, db: ReadSession, render: CurrentPages, now: Now
) -> Response:
    """Security: 404 to outsiders; reviewers and viewers look, owners who may publish and pay send."""
    reader = PaymentsReader(*study_for(db, slug, user), user, now)
    return render.render(payments_page(db, reader, request.query_params))


@router.post("/cancelled")
def take_back(slug: str, user: CurrentUser, db: WriteSession, now: Now, action: Number = 0) -> Response:
    """Security: everybody who may decide may cancel queued actions."""
    study, role = study_for(db, slug, user)
    require_reviewer(role)
    cancel(db, get_action(db, study.id, action), user.id, now)
    return back(slug, "cancelled")


@router.post("/feedback")
def say_otherwise(slug: str, user: CurrentUser, db: WriteSession, action: Number = 0, reason: Text = "") -> Response:
    """Change what the worker will be told. Security: everybody who may decide."""
    study, role = study_for(db, slug, user)
    require_reviewer(role)
    set_reason(get_action(db, study.id, action), reason)
    return back(slug, "feedback")


@router.post("/comparison")
def compare(
    slug: str, user: CurrentUser, db: ReadSession, reconciler: CurrentReconciler, render: CurrentPages, now: Now
) -> Response:
    """Ask the platform. Security: owners who may publish and pay, because this server's accounts are used."""
    reader = PaymentsReader(*study_for(db, slug, user), user, now)
    require_account_use(db, reader.study.id, user.id)
    db.close()  # no request waits for a connection, or for the platform, while it holds one
    try:
        found = reconciler.compare(reader.study.id)
    except PlatformFault as fault:
        # What the platform said stands on the page that answers, and in no address.
        return render.render(payments_page(db, reader, notice=fault.message))
    return back(slug, "compared", found.news, found.freed)


@router.post("/unmatched")
def settle_unmatched(
    slug: str, user: CurrentUser, db: WriteSession, now: Now, number: Number = 0, kind: Text = "", reason: Text = ""
) -> Response:
    """Queue an approval or rejection of work that the platform holds and that has no text here. Owners only."""
    study, role = study_for(db, slug, user)
    require_owner(role)
    wanted = ActionKind.REJECT if kind == ActionKind.REJECT else ActionKind.APPROVE
    queue_unmatched(db, study, Ruling(number, wanted, reason), user.id, now)
    return back(slug, "waits")
