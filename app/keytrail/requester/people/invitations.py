"""Following a link: into a study, or to a new password."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from keytrail.errors import BadRequest, Conflict, NotFound
from keytrail.models import User
from keytrail.requester.people.access import COOKIE, same_origin
from keytrail.users.accounts import add_user
from keytrail.users.invitations import Invited, accept, read_invitation, use_up
from keytrail.users.passwords import set_password
from keytrail.users.signing_in import signed_in_user, start_sign_in
from keytrail.web.pages import CurrentPages
from keytrail.web.services import CurrentServices, Now, ReadSession, Services, WriteSession

router = APIRouter(prefix="/invitation", include_in_schema=False, dependencies=[Depends(same_origin)])


@dataclass(frozen=True)
class InvitationPage:
    """`study` is empty for a password link, `signed_in` is the name of whoever the browser belongs to."""

    template: ClassVar[str] = "requester/people/invitation.html"

    token: str
    study: str
    role: str
    person: str
    signed_in: str
    email: str
    name: str
    problem: str


@router.get("/{token}")
def show_invitation(token: str, request: Request, db: ReadSession, now: Now, render: CurrentPages) -> Response:
    """Security: the token is the right; it stands in a link that an owner gave away."""
    invited = read_invitation(db, token, now)
    return render.render(_page(token, invited, _reader(db, request, now)))


@router.post("/{token}/accept")
def join(token: str, request: Request, db: WriteSession, now: Now) -> Response:
    """For whoever is signed in already."""
    invited = read_invitation(db, token, now)
    user = _reader(db, request, now)
    if user is None:
        return RedirectResponse(f"/sign-in?wanted=/invitation/{token}", status_code=303)
    accept(db, invited, user, now)
    return RedirectResponse(f"/studies/{invited.study.slug}" if invited.study else "/", status_code=303)


@router.post("/{token}/account")
def join_with_new_account(
    token: str,
    request: Request,
    db: WriteSession,
    now: Now,
    render: CurrentPages,
    at_hand: CurrentServices,
    email: Annotated[str, Form(max_length=254)] = "",
    name: Annotated[str, Form(max_length=100)] = "",
    password: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Make an account, sign it in and join."""
    invited = read_invitation(db, token, now)
    if invited.study is None:
        raise NotFound("This link leads into no study.")
    try:
        user = add_user(db, email, name, password, now)
    except (BadRequest, Conflict) as problem:
        page = _page(token, invited, None, email=email, name=name, problem=problem.message)
        return render.render(page, status=problem.status)
    accept(db, invited, user, now)
    return _signed_in(db, request, at_hand, user, f"/studies/{invited.study.slug}")


@router.post("/{token}/password")
def choose_password(
    token: str,
    request: Request,
    db: WriteSession,
    now: Now,
    render: CurrentPages,
    at_hand: CurrentServices,
    password: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Set the new password, end all other sign-ins, and use the link up."""
    invited = read_invitation(db, token, now)
    if invited.user is None:
        raise NotFound("This link sets no password.")
    try:
        set_password(db, invited.user, password)
    except BadRequest as problem:
        return render.render(_page(token, invited, None, problem=problem.message), status=problem.status)
    use_up(db, invited)
    return _signed_in(db, request, at_hand, invited.user, "/")


def _signed_in(db: Session, request: Request, at_hand: Services, user: User, where: str) -> Response:
    hours = at_hand.settings.session_hours
    token = start_sign_in(db, user, hours, at_hand.clock(), request.headers.get("user-agent", ""))
    answer = RedirectResponse(where, status_code=303)
    answer.set_cookie(
        COOKIE, token, max_age=hours * 3600, httponly=True, samesite="lax", secure=at_hand.settings.secure
    )
    return answer


def _reader(db: Session, request: Request, now: Now) -> User | None:
    token = request.cookies.get(COOKIE)
    return signed_in_user(db, token, now) if token else None


def _page(token: str, invited: Invited, reader: User | None, **more: str) -> InvitationPage:
    return InvitationPage(
        token=token,
        study=invited.study.title if invited.study else "",
        role=invited.invitation.role or "",
        person=invited.user.name if invited.user else "",
        signed_in=reader.name if reader else "",
        email=more.get("email", ""),
        name=more.get("name", ""),
        problem=more.get("problem", ""),
    )
