"""Follow an invitation or password link."""

from dataclasses import dataclass, replace
from typing import Annotated, ClassVar

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from keytrail.errors import BadRequest, Conflict, NotFound
from keytrail.models import User
from keytrail.requester.people.access import browser_user, same_origin
from keytrail.requester.people.cookies import signed_in, user_agent
from keytrail.requester.people.sign_in import require_passwords
from keytrail.users.accounts import add_user
from keytrail.users.hashing import hash_password
from keytrail.users.invitations import Invited, accept, read_invitation, use_up
from keytrail.users.passwords import set_password
from keytrail.users.signing_in import SignedInNow, sign_in_now
from keytrail.web.pages import CurrentPages
from keytrail.web.services import CurrentServices, Now, ReadSession, Services, WriteSession

router = APIRouter(prefix="/invitation", include_in_schema=False, dependencies=[Depends(same_origin)])


@dataclass(frozen=True)
class InvitationPage:
    """The page of a link. `study` is empty for a link for one person, which `signs_in` or sets a password; `signed_in`
    is the name of the browser's user.
    """

    template: ClassVar[str] = "requester/people/invitation.html"

    passwords: bool
    signs_in: bool
    token: str
    study: str
    role: str
    person: str
    signed_in: str
    email: str
    name: str
    problem: str


@router.get("/{token}")
def show_invitation(
    token: str, request: Request, db: ReadSession, now: Now, render: CurrentPages, services: CurrentServices
) -> Response:
    """Security: the token in the link authorises the request; an owner or the operator gave it away."""
    invited = read_invitation(db, token, now)
    return render.render(_page(services, token, invited, browser_user(db, request, services, now)))


@router.post("/{token}/accept")
def join(token: str, request: Request, db: WriteSession, now: Now, services: CurrentServices) -> Response:
    """Join as the signed-in user."""
    invited = read_invitation(db, token, now)
    user = browser_user(db, request, services, now)
    if user is None:
        return RedirectResponse(f"/sign-in?wanted=/invitation/{token}", status_code=303)
    accept(db, invited, user, now)
    return RedirectResponse(f"/studies/{invited.study.slug}" if invited.study else "/", status_code=303)


@router.post("/{token}/account")
def join_with_new_account(
    token: str,
    request: Request,
    now: Now,
    render: CurrentPages,
    services: CurrentServices,
    email: Annotated[str, Form(max_length=254)] = "",
    name: Annotated[str, Form(max_length=100)] = "",
    password: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Create an account without rights in the installation, sign it in and join. No transaction is open while
    hashing.
    """
    require_passwords(services)
    with services.database.reading() as db:
        invited = read_invitation(db, token, now)
        page = _page(services, token, invited, None, email=email, name=name)
    try:
        hashed = hash_password(password)
        with services.database.writing() as db:
            invited = read_invitation(db, token, now)
            user = add_user(db, email, name, hashed, now)
            accept(db, invited, user, now)
            begun = _begin(db, request, services, user)
    except (BadRequest, Conflict) as problem:
        return render.render(replace(page, problem=problem.message), status=problem.status)
    return signed_in(services, begun, f"/studies/{invited.study.slug}" if invited.study else "/")


@router.post("/{token}/password")
def choose_password(
    token: str,
    request: Request,
    now: Now,
    render: CurrentPages,
    services: CurrentServices,
    password: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Set the new password, end all sign-ins and tokens, and use the link up; it is checked again at use."""
    require_passwords(services)
    with services.database.reading() as db:
        invited = read_invitation(db, token, now)
        page = _page(services, token, invited, None)
    _require_password_link(invited)
    try:
        hashed = hash_password(password)
    except BadRequest as problem:
        return render.render(replace(page, problem=problem.message), status=problem.status)
    with services.database.writing() as db:
        again = read_invitation(db, token, now)
        user = _require_password_link(again)
        use_up(db, again)
        set_password(db, user, hashed)
        begun = None if user.code_secret else _begin(db, request, services, user)
    # Whoever has the link alone lacks the one-time code.
    return signed_in(services, begun, "/") if begun else RedirectResponse("/sign-in", status_code=303)


@router.post("/{token}/sign-in")
def follow_sign_in_link(token: str, request: Request, now: Now, services: CurrentServices) -> Response:
    """Sign in by a link that the operator made on the command line, and use it up."""
    with services.database.writing() as db:
        invited = read_invitation(db, token, now)
        if invited.user is None or not invited.signs_in:
            raise NotFound("This link signs nobody in.")
        use_up(db, invited)
        begun = _begin(db, request, services, invited.user)
    return signed_in(services, begun, "/")


def _require_password_link(invited: Invited) -> User:
    if invited.user is None or invited.signs_in:
        raise NotFound("This link cannot set a password.")
    return invited.user


def _begin(db: Session, request: Request, services: Services, user: User) -> SignedInNow:
    hours, agent = services.settings.session_hours, user_agent(request)
    return sign_in_now(db, services.keyring, user, hours, services.clock(), user_agent=agent)


def _page(
    services: Services,
    token: str,
    invited: Invited,
    reader: User | None,
    *,
    email: str = "",
    name: str = "",
    problem: str = "",
) -> InvitationPage:
    return InvitationPage(
        passwords=services.settings.password_sign_in,
        signs_in=invited.signs_in,
        token=token,
        study=invited.study.title if invited.study else "",
        role=invited.invitation.role or "",
        person=invited.user.name if invited.user else "",
        signed_in=reader.name if reader else "",
        email=email,
        name=name,
        problem=problem,
    )
