"""Forgotten passwords: ask for a password link by mail."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response

from keytrail.errors import Conflict, TooMany
from keytrail.models import MessageKind
from keytrail.notifications.outbox import put_for_user
from keytrail.requester.people.access import same_origin
from keytrail.requester.people.sign_in import require_passwords
from keytrail.users.accounts import find_user
from keytrail.users.hashing import NO_PASSWORD
from keytrail.users.throttle import check, count, forgotten_limits
from keytrail.web.pages import CurrentPages
from keytrail.web.services import CurrentServices, Now

router = APIRouter(include_in_schema=False, dependencies=[Depends(same_origin)])


@dataclass(frozen=True)
class ForgottenPasswordPage:
    """`sent_to` is the submitted address."""

    template: ClassVar[str] = "requester/people/forgotten_password.html"

    sends_mail: bool
    hours: int
    sent_to: str


@router.get("/forgotten-password")
def show_forgotten_password(render: CurrentPages, services: CurrentServices) -> Response:
    """Show the form, or whom to ask if the server sends no mail."""
    require_passwords(services)
    return render.render(_page(services))


@router.post("/forgotten-password")
def send_password_link(
    request: Request,
    now: Now,
    render: CurrentPages,
    services: CurrentServices,
    email: Annotated[str, Form(max_length=254)] = "",
) -> Response:
    """Send a password link. Security: throttled; does and answers the same whether or not there is such an account.

    An account without a password, whose user signs in elsewhere, gets none: nobody may have checked its address.
    """
    require_passwords(services)
    if not services.settings.sends_mail:
        raise Conflict("This server sends no mail. Ask an owner of your study for a password link.", code="no_mail")
    limits = forgotten_limits(services.keyring, email, request.client.host if request.client else "")
    try:
        with services.database.reading() as db:
            check(db, limits, now)
        with services.database.writing() as db:
            count(db, limits, now)
            user = find_user(db, email)
            if user is not None and user.password_hash != NO_PASSWORD.value:
                put_for_user(db, user.id, MessageKind.PASSWORD, now)
    except TooMany as many:
        message = "Too many links were asked for. Look into your mail, or try again in a quarter of an hour."
        raise TooMany(message, code="throttled", retry_after=many.retry_after) from None
    return render.render(_page(services, sent_to=email.strip()))


def _page(services: CurrentServices, sent_to: str = "") -> ForgottenPasswordPage:
    return ForgottenPasswordPage(services.settings.sends_mail, services.settings.password_link_hours, sent_to)
