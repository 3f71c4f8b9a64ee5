"""Send queued actions: a preview page, then a step that sends exactly what it showed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar

from fastapi import APIRouter, Depends, Form
from fastapi.responses import RedirectResponse, Response

from keytrail.errors import Conflict
from keytrail.models import Role, Study, User
from keytrail.platform_actions.performing import Connections
from keytrail.platform_actions.send_preview import (
    SendPreview,
    balance_in_words,
    preview_sending,
    require_as_shown,
)
from keytrail.platform_actions.sender import SendResult
from keytrail.platforms.money import money
from keytrail.platforms.registry import platform_label
from keytrail.requester.frame import Frame, Link, study_frame
from keytrail.requester.people.access import CurrentUser, require_owner, same_origin, study_for
from keytrail.requester.platform.dependencies import CurrentSender
from keytrail.requester.platform.messages import sent_address
from keytrail.requester.platform.payments_page import Picks, Text, home_of
from keytrail.web.pages import CurrentPages
from keytrail.web.services import CurrentServices, Now, ReadSession

router = APIRouter(prefix="/studies/{slug}/payments", include_in_schema=False, dependencies=[Depends(same_origin)])

Again = Annotated[bool, Form()]


@dataclass(frozen=True)
class SendPreviewPage:
    """A preview. `balance` and what is `left` of budgets are empty if unknown."""

    template: ClassVar[str] = "requester/platform/send_preview.html"

    frame: Frame
    study: Study
    platform: str
    preview: SendPreview
    workers: str
    fees: str
    total: str
    balance: str
    left: str
    server_left: str
    problem: str


@router.post("/preview")
def preview(
    slug: str,
    user: CurrentUser,
    db: ReadSession,
    render: CurrentPages,
    services: CurrentServices,
    now: Now,
    pick: Picks = [],  # noqa: B006  # FastAPI copies it
    *,
    again: Again = False,
) -> Response:
    """Show what sending the selection would do and cost; with `again`, also what may have been done already.

    Security: owners only; changes nothing.
    """
    study, role = study_for(db, slug, user)
    require_owner(role)
    plan = preview_sending(db, study, pick, user.id, now, again=again)
    db.close()  # no request waits for the platform while it holds a connection
    return render.render(_page(study, user, plan, balance_in_words(Connections(services.settings), study)))


@router.post("/sending")
def send(
    slug: str,
    user: CurrentUser,
    db: ReadSession,
    sender: CurrentSender,
    render: CurrentPages,
    now: Now,
    pick: Picks = [],  # noqa: B006  # FastAPI copies it
    fingerprint: Text = "",
    *,
    again: Again = False,
) -> Response:
    """Send the actions of the preview one by one; if they have changed, show a new preview. Security: owners only."""
    study, role = study_for(db, slug, user)
    require_owner(role)
    plan = preview_sending(db, study, pick, user.id, now, again=again)
    db.close()  # no request waits for a connection, or for the platform, while it holds one
    try:
        require_as_shown(plan, fingerprint)
    except Conflict as changed:
        return render.render(_page(study, user, plan, problem=changed.message), status=changed.status)
    return _sent(slug, sender.send_all(study.id, plan.numbers, user.id, again=again))


def _page(study: Study, user: User, plan: SendPreview, balance: str = "", problem: str = "") -> SendPreviewPage:
    def left(cents: int | None) -> str:
        return "" if cents is None else money(max(cents, 0), plan.left.currency)

    return SendPreviewPage(
        frame=study_frame(user, study, Role.OWNER, "payments", Link("Preview", "", current=True)),
        study=study,
        platform=platform_label(study.platform),
        preview=plan,
        workers=money(plan.pay.workers, study.currency),
        fees=money(plan.pay.fees, study.currency),
        total=money(plan.pay.total, study.currency),
        balance=balance,
        left=left(plan.left.study),
        server_left=left(plan.left.installation),
        problem=problem,
    )


def _sent(slug: str, sent: Sequence[SendResult]) -> Response:
    return RedirectResponse(sent_address(home_of(slug), sent, "sent", "not_sent"), status_code=303)
