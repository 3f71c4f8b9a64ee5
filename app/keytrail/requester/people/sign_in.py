"""Sign in and sign out."""

from dataclasses import dataclass
from typing import Annotated, ClassVar
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from keytrail.errors import DomainError, Forbidden
from keytrail.requester.people.access import COOKIE, same_origin
from keytrail.requester.people.cookies import DEVICE_COOKIE, cookie_of, delete_cookie, own_token, signed_in, user_agent
from keytrail.requester.people.proxy_identity import identity_in
from keytrail.users.provider_accounts import sign_in_identity
from keytrail.users.signing_in import Attempt, end_sign_in, try_sign_in
from keytrail.web.pages import CurrentPages
from keytrail.web.services import CurrentServices, Now, Services, WriteSession

router = APIRouter(include_in_schema=False, dependencies=[Depends(same_origin)])

NO_PASSWORDS = "This server does not let people sign in with passwords. Sign in at your institution."


@dataclass(frozen=True)
class SignInPage:
    """The ways to sign in; `wanted` is the page to show afterwards.

    `provider` is the institution's name and `provider_address` the way there, both empty without one; after signing
    out, `provider_sign_out` is where to sign out there too. `proxy`: a proxy in front of the server knows people.
    """

    template: ClassVar[str] = "requester/people/sign_in.html"

    wanted: str
    email: str
    problem: str
    passwords: bool
    provider: str
    provider_address: str
    signed_out: bool
    provider_sign_out: str
    proxy: bool


@router.get("/sign-in")
def show_sign_in(
    request: Request, now: Now, render: CurrentPages, services: CurrentServices, wanted: str = "/", out: str = ""
) -> Response:
    """Show the form, or sign in whom a trusted proxy names."""
    identity = identity_in(request, services.settings)
    if identity is None or out:
        return render.render(sign_in_page(services, wanted=local_path(wanted), signed_out=bool(out)))
    try:
        begun = sign_in_identity(
            services.database, services.keyring, services.settings, identity, now, agent=user_agent(request)
        )
    except DomainError as problem:
        page = sign_in_page(services, wanted=local_path(wanted), problem=problem.message)
        return render.render(page, status=problem.status)
    return signed_in(services, begun, local_path(wanted))


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
    require_passwords(services)
    attempt = Attempt(
        email=email,
        password=password,
        address=request.client.host if request.client else "",
        device=cookie_of(request, DEVICE_COOKIE),
        user_agent=user_agent(request),
        code=code,
    )
    begun = try_sign_in(services.database, services.keyring, attempt, services.settings.session_hours, now)
    if begun is None:
        problem = "Wrong e-mail address, password or one-time code. Check them and try again."
        page = sign_in_page(services, wanted=local_path(wanted), email=email, problem=problem)
        return render.render(page, status=401)
    return signed_in(services, begun, local_path(wanted))


@router.post("/sign-out")
def sign_out(request: Request, db: WriteSession, services: CurrentServices) -> Response:
    """Sign out this browser."""
    end_sign_in(db, own_token(request))
    answer = RedirectResponse("/sign-in?out=1", status_code=303)
    delete_cookie(answer, services, COOKIE)
    return answer


def require_passwords(services: Services) -> None:
    """Raises Forbidden where passwords are switched off."""
    if not services.settings.password_sign_in:
        raise Forbidden(NO_PASSWORDS, code="no_passwords")


def sign_in_page(
    services: Services, *, wanted: str, email: str = "", problem: str = "", signed_out: bool = False
) -> SignInPage:
    """The page with the ways that are configured."""
    provider = services.openid
    return SignInPage(
        wanted=wanted,
        email=email,
        problem=problem,
        passwords=services.settings.password_sign_in,
        provider=provider.name if provider else "",
        provider_address=f"/sign-in/openid?{urlencode({'wanted': wanted})}" if provider else "",
        signed_out=signed_out,
        provider_sign_out=(provider.sign_out_address() or "") if provider and signed_out else "",
        proxy=services.settings.remote_user_header is not None,
    )


def local_path(wanted: str) -> str:
    """Return a path of this site; anything else would redirect the user elsewhere."""
    local = wanted.startswith("/") and not wanted.startswith(("//", "/\\"))
    return wanted if local and wanted.isprintable() else "/"
