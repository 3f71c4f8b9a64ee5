"""Cookies: the sign-in, and the mark of a known device."""

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from keytrail.requester.people.access import COOKIE, cookie_name
from keytrail.users.devices import LASTS_DAYS
from keytrail.users.signing_in import SignedInNow
from keytrail.web.services import Services, services

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
    return cookie_of(request, COOKIE)


def cookie_of(request: Request, name: str) -> str:
    """Return the value of one of our cookies; empty without it."""
    return request.cookies.get(cookie_name(name, services(request).settings), "")


def user_agent(request: Request) -> str:
    """Return the browser's user agent."""
    return request.headers.get("user-agent", "")


def set_cookie(answer: Response, services: Services, name: str, value: str, seconds: int) -> None:
    """Set a cookie that no script reads and other sites' forms do not send."""
    full, secure = cookie_name(name, services.settings), services.settings.secure
    answer.set_cookie(full, value, max_age=seconds, httponly=True, samesite="lax", secure=secure)


def delete_cookie(answer: Response, services: Services, name: str) -> None:
    """Delete a cookie. Browsers ignore that for `__Host-` names unless it has the same attributes."""
    full, secure = cookie_name(name, services.settings), services.settings.secure
    answer.delete_cookie(full, httponly=True, samesite="lax", secure=secure)
