"""Sign in and sign out."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from keytrail.requester.people.access import COOKIE, same_origin
from keytrail.users.signing_in import end_sign_in, start_sign_in, try_sign_in
from keytrail.web.pages import CurrentPages
from keytrail.web.services import CurrentServices, Now, WriteSession

router = APIRouter(include_in_schema=False, dependencies=[Depends(same_origin)])


@dataclass(frozen=True)
class SignInPage:
    """E-mail and password; `wanted` is where to go afterwards."""

    template: ClassVar[str] = "requester/people/sign_in.html"

    wanted: str
    email: str
    problem: str


@router.get("/sign-in")
def show_sign_in(render: CurrentPages, wanted: str = "/") -> Response:
    """The form."""
    return render.render(SignInPage(wanted=_local(wanted), email="", problem=""))


@router.post("/sign-in")
def sign_in(
    request: Request,
    email: Annotated[str, Form()],
    password: Annotated[str, Form()],
    db: WriteSession,
    now: Now,
    render: CurrentPages,
    at_hand: CurrentServices,
    wanted: Annotated[str, Form()] = "/",
) -> Response:
    """Security: throttled by account and by network address; the answer does not tell which of the two was wrong."""
    address = request.client.host if request.client else ""
    user = try_sign_in(db, at_hand.keyring, (email, password), address, now)
    if user is None:
        problem = "E-mail and password do not belong together. Check both and try again."
        return render.render(SignInPage(wanted=_local(wanted), email=email, problem=problem), status=401)
    hours = at_hand.settings.session_hours
    answer = RedirectResponse(_local(wanted), status_code=303)
    answer.set_cookie(
        COOKIE,
        start_sign_in(db, user, hours, now, request.headers.get("user-agent", "")),
        max_age=hours * 3600,
        httponly=True,
        samesite="lax",
        secure=at_hand.settings.secure,
    )
    return answer


@router.post("/sign-out")
def sign_out(request: Request, db: WriteSession) -> Response:
    """Forget this browser."""
    end_sign_in(db, request.cookies.get(COOKIE, ""))
    answer = RedirectResponse("/sign-in", status_code=303)
    answer.delete_cookie(COOKIE)
    return answer


def _local(wanted: str) -> str:
    """A path of this site; anything else would send the user away."""
    local = wanted.startswith("/") and not wanted.startswith(("//", "/\\"))
    return wanted if local and wanted.isprintable() else "/"
