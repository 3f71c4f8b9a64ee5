"""Sign up, sign in, sign out."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from fastapi import APIRouter, Depends, Form
from starlette.responses import HTMLResponse, RedirectResponse, Response

from keytrail.errors import DomainError, Forbidden, Unauthorized
from keytrail.sandbox import accounts
from keytrail.sandbox.site.context import CurrentContext, SandboxContext
from keytrail.sandbox.site.render import Page
from keytrail.sandbox.site.visitor import COOKIE, Bar, CurrentVisitor, require_same_origin

router = APIRouter()
_guarded = APIRouter(dependencies=[Depends(require_same_origin)])
Field = Annotated[str, Form(max_length=400)]


@dataclass(frozen=True)
class SignInPage(Page):
    """The form, with earlier input and its errors."""

    template: ClassVar[str] = "sign_in.html"
    bar: Bar
    next_url: str
    email: str = ""
    problem: str = ""


@dataclass(frozen=True)
class SignUpPage(Page):
    """The form; `code_needed` if signing up requires a code."""

    template: ClassVar[str] = "sign_up.html"
    bar: Bar
    code_needed: bool
    shortest_password: int = accounts.SHORTEST_PASSWORD
    email: str = ""
    country: str = ""
    subdivision: str = ""
    problem: str = ""


@router.get("/sign-in")
def sign_in_form(context: CurrentContext, next_url: str = "/") -> HTMLResponse:
    """Show the form."""
    return context.pages.show(SignInPage(bar=Bar(here="sign-in"), next_url=_inside(next_url)))


@_guarded.post("/sign-in")
def sign_in(context: CurrentContext, email: Field, password: Field, next_url: Field = "/") -> Response:
    """Security: throttled per e-mail address; the answer does not reveal whether address or password was wrong."""
    try:
        with context.work() as work:
            accounts.require_patience(work.db, email, work.now)
            known = accounts.worker_by_email(work.db, email)
            password_hash = known.password_hash if known else None
        if not accounts.matches(password_hash, password):
            with context.work() as work:
                accounts.record_failure(work.db, email, work.now)
            raise Unauthorized("Wrong e-mail address or password.")
    except DomainError as error:
        page = SignInPage(bar=Bar(here="sign-in"), next_url=_inside(next_url), email=email, problem=error.message)
        return context.pages.show(page, status=error.status)
    return _enter(context, email, _inside(next_url))


@router.get("/sign-up")
def sign_up_form(context: CurrentContext) -> HTMLResponse:
    """Show the form."""
    return context.pages.show(SignUpPage(bar=Bar(here="sign-up"), code_needed=bool(context.config.sign_up_code)))


@_guarded.post("/sign-up")
def sign_up(
    context: CurrentContext, email: Field, password: Field, country: Field, subdivision: Field = "", code: Field = ""
) -> Response:
    """Create the worker and sign them in."""
    given = accounts.Application(email=email, password=password, country=country, subdivision=subdivision)
    try:
        if context.config.sign_up_code and code.strip() != context.config.sign_up_code:
            raise Forbidden("The panel's code is wrong. Please ask the lab for it.")
        application = accounts.checked(given)
        password_hash = accounts.hash_password(application.password)
        with context.work() as work:
            accounts.sign_up(work.db, application, password_hash, work.now)
    except DomainError as error:
        page = SignUpPage(
            bar=Bar(here="sign-up"),
            code_needed=bool(context.config.sign_up_code),
            email=email,
            country=country,
            subdivision=subdivision,
            problem=error.message,
        )
        return context.pages.show(page, status=error.status)
    return _enter(context, application.email, "/")


@_guarded.post("/sign-out")
def sign_out(context: CurrentContext, visitor: CurrentVisitor) -> Response:
    """End the session here and in the browser."""
    if visitor.token is not None:
        with context.work() as work:
            accounts.close_session(work.db, visitor.token)
    response = RedirectResponse("/", status_code=303)
    response.delete_cookie(COOKIE)
    return response


def _enter(context: SandboxContext, email: str, where: str) -> Response:
    with context.work() as work:
        worker = accounts.worker_by_email(work.db, email)
        if worker is None:
            raise Unauthorized("Please sign in again.")
        token = accounts.open_session(work.db, worker, work.now)
    response = RedirectResponse(where, status_code=303)
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(accounts.STAY.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=context.config.public_origin.startswith("https:"),
    )
    return response


def _inside(url: str) -> str:
    """Return a path of this site, or the first page, so that no redirect leads elsewhere."""
    inside = url.startswith("/") and not url.startswith("//") and "\\" not in url and url.isprintable()
    return url if inside else "/"


router.include_router(_guarded)
