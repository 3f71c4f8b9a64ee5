"""The user's own account: password, sign-ins, API tokens."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from keytrail.errors import BadRequest
from keytrail.models import ApiToken, User
from keytrail.requester.addresses import number
from keytrail.requester.frame import Frame, Link, frame
from keytrail.requester.people.access import CurrentUser, same_origin
from keytrail.requester.people.cookies import own_token, remember_device
from keytrail.requester.people.sign_in import require_passwords
from keytrail.requester.wording import RIGHTS
from keytrail.users.devices import device_mark
from keytrail.users.hashing import NO_PASSWORD
from keytrail.users.passwords import NewPassword, change_password
from keytrail.users.rights import rights_of
from keytrail.users.scopes import SCOPES
from keytrail.users.sessions import SignedIn, end_sign_in_by_id, sign_ins_of
from keytrail.users.tokens import create_token, revoke_token, tokens_of
from keytrail.web.pages import CurrentPages
from keytrail.web.services import CurrentServices, Now, ReadSession, Services, WriteSession

router = APIRouter(prefix="/account", include_in_schema=False, dependencies=[Depends(same_origin)])


@dataclass(frozen=True)
class AccountPage:
    """The account page. `new_token` is shown only once."""

    template: ClassVar[str] = "requester/people/account.html"

    frame: Frame
    name: str
    email: str
    rights: Sequence[str]
    operator: bool
    has_password: bool
    codes_on: bool
    sign_ins: Sequence[SignedIn]
    tokens: Sequence[ApiToken]
    scopes: Sequence[tuple[str, str]]
    new_token: str
    notice: str
    problem: str


@router.get("")
def show_account(
    request: Request, user: CurrentUser, db: ReadSession, now: Now, render: CurrentPages, services: CurrentServices
) -> Response:
    """Security: shows the user's own account only."""
    return render.render(_page(db, request, user, services, now))


@router.post("/password")
def new_password(
    request: Request,
    user: CurrentUser,
    db: ReadSession,
    now: Now,
    render: CurrentPages,
    services: CurrentServices,
    current: Annotated[str, Form(max_length=200)] = "",
    new: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Security: asks for the current password, signs the user out everywhere else, and revokes the user's tokens."""
    require_passwords(services)
    db.close()  # No connection is held while passwords are checked.
    try:
        typed = NewPassword(current, new)
        change_password(services.database, services.keyring, user.id, typed, own_token(request), now)
    except BadRequest as problem:
        return render.render(_page(db, request, user, services, now, problem=problem.message), status=problem.status)
    notice = "Your password was changed. You are signed out everywhere else, and your API tokens are revoked."
    answer = render.render(_page(db, request, user, services, now, notice=notice))
    remember_device(answer, services, device_mark(services.keyring, db.get_one(User, user.id)))
    return answer


@router.post("/sign-ins/end")
def end_one(user: CurrentUser, db: WriteSession, id: Annotated[str, Form()] = "") -> Response:  # noqa: A002  # the form's name
    """Sign out one of the user's own browsers."""
    end_sign_in_by_id(db, user, id)
    return RedirectResponse("/account", status_code=303)


@router.post("/tokens")
def add_token(
    request: Request,
    user: CurrentUser,
    db: WriteSession,
    now: Now,
    render: CurrentPages,
    services: CurrentServices,
    name: Annotated[str, Form(max_length=100)] = "",
    scope: Annotated[list[str], Form(max_length=8)] = [],  # noqa: B006  # FastAPI copies it
    days: Annotated[str, Form(max_length=5)] = "",
) -> Response:
    """Create a token; it is shown on this page only."""
    try:
        token = create_token(db, user, name, now, scopes=scope, days=number(days, "The number of days"))
    except BadRequest as problem:
        return render.render(_page(db, request, user, services, now, problem=problem.message), status=problem.status)
    db.flush()
    return render.render(_page(db, request, user, services, now, new_token=token))


@router.post("/tokens/revoke")
def end_token(user: CurrentUser, db: WriteSession, id: Annotated[str, Form()] = "") -> Response:  # noqa: A002  # the form's name
    """Revoke one of the user's own tokens."""
    found = number(id, "The token")
    if found is not None:
        revoke_token(db, user, found)
    return RedirectResponse("/account", status_code=303)


def _page(
    db: Session,
    request: Request,
    user: User,
    services: Services,
    now: Now,
    *,
    new_token: str = "",
    notice: str = "",
    problem: str = "",
) -> AccountPage:
    return AccountPage(
        frame=frame(user, Link("Account", "", current=True)),
        name=user.name,
        email=user.email,
        rights=[notice for name, notice in RIGHTS.items() if getattr(rights_of(user), name)],
        operator=user.is_operator,
        has_password=services.settings.password_sign_in and user.password_hash != NO_PASSWORD.value,
        codes_on=user.code_secret is not None,
        sign_ins=sign_ins_of(db, user, own_token(request), now),
        tokens=tokens_of(db, user),
        scopes=list(SCOPES.items()),
        new_token=new_token,
        notice=notice,
        problem=problem,
    )
