"""Sign in and sign out."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from keytrail.requester.people.access import COOKIE, same_origin
from keytrail.requester.people.cookies import DEVICE_COOKIE, own_token, signed_in, user_agent
from keytrail.users.signing_in import Attempt, end_sign_in, try_sign_in
from keytrail.web.pages import CurrentPages
from keytrail.web.services import CurrentServices, Now, WriteSession

router = APIRouter(include_in_schema=False, dependencies=[Depends(same_origin)])


@dataclass(frozen=True)
class SignInPage:
    """E-mail and password; `wanted` is the page to show afterwards."""

    template: ClassVar[str] = "requester/people/sign_in.html"

    wanted: str
    email: str
    problem: str


@router.get("/sign-in")
def show_sign_in(render: CurrentPages, wanted: str = "/") -> Response:
    """Show the form."""
    return render.render(SignInPage(wanted=_local(wanted), email="", problem=""))


@router.post("/sign-in")
def sign_in(
    request: Request,
    email: Annotated[str, Form(max_length=254)],
    password: Annotated[str, Form(max_length=200)],
    now: Now,
    render: CurrentPages,
    services: CurrentServices,
    wanted: Annotated[str, Form()] = "/",
    code: Annotated[str, Form(max_length=16)] = "",
) -> Response:
    """Security: throttled (keytrail/users/throttle.py); the answer does not reveal which of the three was wrong.

    Holds no connection: the use case has its own units of work, and none while it checks the password.
    """
    attempt = Attempt(
        email=email,
        password=password,
        address=request.client.host if request.client else "",
        device=request.cookies.get(DEVICE_COOKIE, ""),
        user_agent=user_agent(request),
        code=code,
    )
    begun = try_sign_in(services.database, services.keyring, attempt, services.settings.session_hours, now)
    if begun is None:
        problem = "Wrong e-mail address, password or one-time code. Check them and try again."
        return render.render(SignInPage(wanted=_local(wanted), email=email, problem=problem), status=401)
    return signed_in(services, begun, _local(wanted))


@router.post("/sign-out")
def sign_out(request: Request, db: WriteSession) -> Response:
    """Sign out this browser."""
    end_sign_in(db, own_token(request))
    answer = RedirectResponse("/sign-in", status_code=303)
    answer.delete_cookie(COOKIE)
    return answer


def _local(wanted: str) -> str:
    """Return a path of this site; anything else would redirect the user elsewhere."""
    local = wanted.startswith("/") and not wanted.startswith(("//", "/\\"))
    return wanted if local and wanted.isprintable() else "/"
