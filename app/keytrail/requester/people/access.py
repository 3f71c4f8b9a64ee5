"""Authentication and access control of requesters' requests."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated
from urllib.parse import urlencode, urlsplit

from fastapi import Depends, Request
from fastapi.responses import RedirectResponse, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from keytrail.errors import Forbidden, NotFound, Unauthorized
from keytrail.models import Membership, Role, Study, User
from keytrail.requester.people.proxy_identity import identity_in
from keytrail.settings import Settings
from keytrail.users.provider_accounts import linked_user
from keytrail.users.signing_in import signed_in_user
from keytrail.users.tokens import user_of_token
from keytrail.web.services import CurrentServices, Now, ReadSession, Services, services

COOKIE = "keytrail"
_HOST_ONLY = "__Host-"
"""Browsers take a cookie of such a name from this host alone, by https, and from no page of a neighbouring name."""
_SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}

_bearer = HTTPBearer(auto_error=False, description="A token from 'keytrail token create'.")


class SignInRequired(Unauthorized):
    """The request needs a signed-in user; answered with the sign-in page."""

    def __init__(self, wanted: str) -> None:
        super().__init__("Please sign in.")
        self.wanted = wanted


def current_user(request: Request, services: CurrentServices, now: Now) -> User:
    """Return the signed-in user of a dashboard page. Raises SignInRequired.

    Read in a separate unit of work: its connection is returned before the route takes one.
    """
    with services.database.reading() as db:
        user = browser_user(db, request, services, now)
    if user is None:
        wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        raise SignInRequired(wanted if request.method in _SAFE_METHODS else "/")
    return user


def browser_user(db: Session, request: Request, services: Services, now: datetime) -> User | None:
    """Return the user who is signed in in this browser, if any.

    Where a proxy names a person, only that person: somebody else may have used the browser before.
    """
    token = request.cookies.get(cookie_name(COOKIE, services.settings))
    user = signed_in_user(db, token, now) if token else None
    identity = identity_in(request, services.settings) if user else None
    if identity is not None and linked_user(db, identity.issuer, identity.subject) is not user:
        return None
    return user


def cookie_name(name: str, settings: Settings) -> str:
    """Return the name under which browsers have a cookie: over https with the prefix that binds it to this host."""
    return _HOST_ONLY + name if settings.secure else name


async def is_signed_in(request: Request) -> bool:
    """Return whether the request's browser is signed in; checked before a large body is read."""
    found = services(request)
    try:
        await run_in_threadpool(current_user, request, found, found.clock())
    except SignInRequired:
        return False
    return True


Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]


def token_user(credentials: Credentials, services: CurrentServices, now: Now) -> User:
    """Return the user of a bearer token that may read submissions. Raises Unauthorized, or Forbidden for its scopes."""
    return _scoped(credentials, services, now, "submissions")


def events_user(credentials: Credentials, services: CurrentServices, now: Now) -> User:
    """Return the user of a bearer token that may read raw events. Raises the errors of token_user."""
    return _scoped(credentials, services, now, "events")


def token_of_scope(scope: str) -> Callable[..., User]:
    """As token_user, for another scope."""

    def scoped_user(credentials: Credentials, services: CurrentServices, now: Now) -> User:
        return _scoped(credentials, services, now, scope)

    return scoped_user


def _scoped(credentials: HTTPAuthorizationCredentials | None, services: Services, now: datetime, scope: str) -> User:
    token = credentials.credentials if credentials else ""
    with services.database.reading() as db:
        if not token or user_of_token(db, token, now) is None:
            raise Unauthorized("Send a valid token: 'Authorization: Bearer …'. 'keytrail token create' makes one.")
        user = user_of_token(db, token, now, scope)
    if user is None:
        raise Forbidden(f"This token lacks the scope '{scope}'. Create one that has it, in your account.")
    return user


def same_origin(request: Request, services: CurrentServices) -> None:
    """Refuse a form that another site submits with our user's cookie.

    Checks headers that browsers set and pages cannot: Sec-Fetch-Site, else Origin (plain http under another machine's
    name has no Sec-Fetch-Site). A client that sends neither is not a browser and has only cookies that it was given.
    """
    if request.method in _SAFE_METHODS:
        return
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    ours = _own_origins(request, services.settings.public_url)
    if site not in {None, "same-origin"} or (site is None and origin and origin not in ours):
        raise Forbidden(
            "This form was sent from another site. Open the page here and send it again.", code="cross_site"
        )


def _own_origins(request: Request, public_url: str) -> set[str]:
    """Return the public URL, and the requested address if that differs, such as a lab's host name by plain http.

    Under the public name of an https server nothing else is accepted: a proxy may not have reported the scheme, and a
    page that came by plain http may be anybody's.
    """
    scheme, host = request.url.scheme, request.headers.get("host", "").lower()
    public = urlsplit(public_url)
    if public.scheme == "https" and host.removesuffix(":443") == public.netloc:
        return {public_url}
    return {public_url, f"{scheme}://{host}"}


CurrentUser = Annotated[User, Depends(current_user)]
TokenUser = Annotated[User, Depends(token_user)]
EventsUser = Annotated[User, Depends(events_user)]


def study_for(db: ReadSession, slug: str, user: User) -> tuple[Study, Role]:
    """Return a study and the user's role in it. Raises NotFound for an outsider, so that its existence is not
    revealed.
    """
    row = db.execute(
        select(Study, Membership.role)
        .join(Membership, Membership.study_id == Study.id)
        .where(Study.slug == slug, Membership.user_id == user.id)
    ).one_or_none()
    if row is None:
        raise NotFound("There is no such study, or you have no access to it.")
    return row[0], Role(row[1])


def require_reviewer(role: Role) -> None:
    """Raises Forbidden for a viewer."""
    if role == Role.VIEWER:
        raise Forbidden("You may view this study, but not decide. Ask its owner to make you a reviewer.")


def require_owner(role: Role) -> None:
    """Raises Forbidden for anybody but an owner."""
    if role != Role.OWNER:
        raise Forbidden("Only an owner of this study may do that. Ask one to do it, or to make you an owner.")


async def ask_to_sign_in(_request: Request, error: Exception) -> Response:
    """Answer SignInRequired with the sign-in page."""
    wanted = error.wanted if isinstance(error, SignInRequired) else "/"
    query = urlencode({"wanted": wanted}) if wanted != "/" else ""
    return RedirectResponse(f"/sign-in?{query}" if query else "/sign-in", status_code=303)
