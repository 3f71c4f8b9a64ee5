"""Turning one-time codes on and off for one's own account."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from fastapi import APIRouter, Depends, Form
from fastapi.responses import RedirectResponse, Response

from keytrail.errors import BadRequest
from keytrail.requester.frame import Frame, Link, frame
from keytrail.requester.people.access import CurrentUser, same_origin
from keytrail.requester.people.sign_in import require_passwords
from keytrail.users.one_time_codes import TypedCode, offer_codes, turn_codes_off, turn_codes_on
from keytrail.web.pages import CurrentPages
from keytrail.web.services import CurrentServices, Now

router = APIRouter(prefix="/account/codes", include_in_schema=False, dependencies=[Depends(same_origin)])

Password = Annotated[str, Form(max_length=200)]


@dataclass(frozen=True)
class OneTimeCodesPage:
    """Either an offer to turn them on (`secret` and its picture), or the way to turn them off."""

    template: ClassVar[str] = "requester/people/one_time_codes.html"

    frame: Frame
    email: str
    on: bool
    secret: str
    picture: str
    problem: str


@router.get("")
def show_codes(user: CurrentUser, render: CurrentPages, services: CurrentServices) -> Response:
    """The user's own. The secret on the page is a new one at each look, and good for nothing until it is confirmed."""
    require_passwords(services)
    return render.render(_page(user))


@router.post("/on")
def turn_on(
    user: CurrentUser,
    now: Now,
    render: CurrentPages,
    services: CurrentServices,
    secret: Annotated[str, Form(max_length=64)] = "",
    code: Annotated[str, Form(max_length=16)] = "",
    password: Password = "",
) -> Response:
    """Security: asks for the password, and for a code that shows that the app knows the secret."""
    require_passwords(services)
    try:
        turn_codes_on(services.database, services.keyring, user.id, TypedCode(secret, code, password), now)
    except BadRequest as problem:
        return render.render(_page(user, problem.message), status=problem.status)
    return RedirectResponse("/account/codes", status_code=303)


@router.post("/off")
def turn_off(
    user: CurrentUser, now: Now, render: CurrentPages, services: CurrentServices, password: Password = ""
) -> Response:
    """Security: asks for the password."""
    try:
        turn_codes_off(services.database, services.keyring, user.id, password, now)
    except BadRequest as problem:
        return render.render(_page(user, problem.message), status=problem.status)
    return RedirectResponse("/account/codes", status_code=303)


def _page(user: CurrentUser, problem: str = "") -> OneTimeCodesPage:
    on = user.code_secret is not None
    offer = None if on else offer_codes(user)
    return OneTimeCodesPage(
        frame=frame(user, Link("Account", "/account"), Link("One-time codes", "", current=True)),
        email=user.email,
        on=on,
        secret=offer.secret if offer else "",
        picture=offer.picture if offer else "",
        problem=problem,
    )
