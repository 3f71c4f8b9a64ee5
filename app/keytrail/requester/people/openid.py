"""Sign in at an OpenID provider: send the browser there, and take the answer."""

import logging
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from keytrail.errors import DomainError, NotFound, TooMany, Unauthorized, Unavailable
from keytrail.requester.people.cookies import cookie_of, delete_cookie, set_cookie, signed_in, user_agent
from keytrail.requester.people.sign_in import local_path, sign_in_page
from keytrail.users import throttle
from keytrail.users.claims import claim_text
from keytrail.users.openid import (
    PENDING_MINUTES,
    OpenIdProvider,
    PendingSignIn,
    ProviderError,
    open_pending,
    seal_pending,
)
from keytrail.users.provider_accounts import ProvenIdentity, sign_in_identity
from keytrail.web.pages import CurrentPages
from keytrail.web.services import CurrentServices, Now, Services

router = APIRouter(prefix="/sign-in/openid", include_in_schema=False)

PENDING_COOKIE = "keytrail_openid"
_PER_ADDRESS = 30
_log = logging.getLogger("keytrail")

Text = Annotated[str, Query(max_length=4000)]


@router.get("")
def go_to_provider(now: Now, render: CurrentPages, services: CurrentServices, wanted: str = "/") -> Response:
    """Redirect to the provider. The browser keeps the secrets of this sign-in in a cookie."""
    provider = _provider(services)
    pending = PendingSignIn.fresh(local_path(wanted))
    try:
        answer = RedirectResponse(provider.authorization_address(pending), status_code=303)
    except ProviderError as error:
        return _refused(services, render, _unreachable(provider, error), pending.wanted)
    cookie = seal_pending(services.keyring, pending, now)
    set_cookie(answer, services, PENDING_COOKIE, cookie, PENDING_MINUTES * 60)
    return answer


@router.get("/answer")
def take_answer(
    request: Request,
    now: Now,
    render: CurrentPages,
    services: CurrentServices,
    code: Text = "",
    state: Text = "",
    iss: Text = "",
    error: Text = "",
) -> Response:
    """Sign in whom the provider names.

    Security: only in the browser that asked (state), once (the provider takes no code twice), and for an ID token made
    in answer (nonce). Throttled by address, because every code makes a request to the provider. Holds no connection
    meanwhile.
    """
    provider = _provider(services)
    wanted = "/"
    try:
        pending = open_pending(services.keyring, cookie_of(request, PENDING_COOKIE), state, now)
        wanted = pending.wanted
        claims = _claims(request, services, provider, pending, now, code=code, iss=iss, error=error)
        identity = _identity(services, provider, claims)
        agent = user_agent(request)
        begun = sign_in_identity(services.database, services.keyring, services.settings, identity, now, agent=agent)
    except DomainError as problem:
        return _refused(services, render, problem, wanted)
    answer = signed_in(services, begun, wanted)
    delete_cookie(answer, services, PENDING_COOKIE)
    return answer


def _claims(
    request: Request,
    services: Services,
    provider: OpenIdProvider,
    pending: PendingSignIn,
    now: Now,
    *,
    code: str,
    iss: str,
    error: str,
) -> Any:
    limits = [
        throttle.Limit(
            services.keyring.pseudonym(
                "openid address", throttle.client_of(request.client.host if request.client else "")
            ),
            _PER_ADDRESS,
        )
    ]
    try:
        with services.database.writing() as db:
            throttle.check(db, limits, now)
            throttle.count(db, limits, now)
    except TooMany as many:
        sentence = "Too many attempts to sign in from your network. Try again in a quarter of an hour."
        raise TooMany(sentence, code="throttled", retry_after=many.retry_after) from None
    try:
        if error or not code or iss not in {"", provider.issuer}:  # RFC 9207: iss names who answers
            cause = "refused" if error else "sent no code, or another issuer's"
            raise ProviderError(f"the authorization endpoint {cause}")  # noqa: TRY301  # one place that logs
        claims = provider.claims(code, pending, now)
    except ProviderError as problem:
        raise _not_signed_in(provider, problem) from None
    with services.database.writing() as db:
        throttle.take_back(db, limits, now)
    return claims


def _identity(services: Services, provider: OpenIdProvider, claims: Any) -> ProvenIdentity:
    settings = services.settings
    subject = claim_text(claims, settings.oidc_account_claim)
    if not subject:
        error = ProviderError(f"the claim {settings.oidc_account_claim} is missing (KEYTRAIL_OIDC_ACCOUNT_CLAIM)")
        raise _not_signed_in(provider, error)
    return ProvenIdentity(
        issuer=provider.issuer,
        subject=subject,
        email=claim_text(claims, "email"),
        email_verified=_is_verified(claims.get("email_verified")),
        name=claim_text(claims, "name"),
        claims=claims,
    )


def _is_verified(claim: Any) -> bool | None:
    """None if the provider does not say, or says so in a text: some write "false" that way, which is no address to
    trust.
    """
    if claim is None or claim == "true":
        return None
    return claim is True


def _provider(services: Services) -> OpenIdProvider:
    if services.openid is None:
        raise NotFound("This server has no sign-in at an institution.")
    return services.openid


def _not_signed_in(provider: OpenIdProvider, error: ProviderError) -> Unauthorized:
    _log.warning("OpenID sign-in failed: %s", error)
    return Unauthorized(
        f"Signing in at {provider.name} did not work. Try again; if it fails again, tell the operator of this server, "
        "whose log has the reason.",
        code="openid",
    )


def _unreachable(provider: OpenIdProvider, error: ProviderError) -> Unavailable:
    _log.error("The OpenID provider cannot be used: %s", error)
    return Unavailable(
        f"{provider.name[:1].upper()}{provider.name[1:]} cannot be reached for signing in. Try again in a few minutes.",
        code="openid",
    )


def _refused(services: Services, render: CurrentPages, problem: DomainError, wanted: str) -> Response:
    answer = render.render(sign_in_page(services, wanted=wanted, problem=problem.message), status=problem.status)
    if problem.retry_after is not None:
        answer.headers["retry-after"] = str(problem.retry_after)
    delete_cookie(answer, services, PENDING_COOKIE)
    return answer
