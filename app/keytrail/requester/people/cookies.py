"""Cookies: the sign-in, and the mark of a known device."""

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from keytrail.requester.people.access import COOKIE
from keytrail.users.devices import LASTS_DAYS
from keytrail.users.signing_in import SignedInNow
from keytrail.web.services import Services

DEVICE_COOKIE = "keytrail_device"
_DAY_S = 86_400


def signed_in(services: Services, begun: SignedInNow, where: str) -> Response:
    """Redirect to a page of this site, signed in."""
    answer = RedirectResponse(where, status_code=303)
    set_cookie(answer, services, COOKIE, begun.token, services.settings.session_hours * 3600)
    remember_device(answer, services, begun.device)
    return answer


def remember_device(answer: Response, services: Services, mark: str) -> None:
    """Set the known-device mark."""
    set_cookie(answer, services, DEVICE_COOKIE, mark, LASTS_DAYS * _DAY_S)


def own_token(request: Request) -> str:
    """Return the sign-in cookie of the request; empty without one."""
    return request.cookies.get(COOKIE, "")


def user_agent(request: Request) -> str:
    """Return the browser's user agent."""
    return request.headers.get("user-agent", "")


def set_cookie(answer: Response, services: Services, name: str, value: str, seconds: int) -> None:
    """Set a cookie that no script reads and other sites' forms do not send."""
    answer.set_cookie(name, value, max_age=seconds, httponly=True, samesite="lax", secure=services.settings.secure)
