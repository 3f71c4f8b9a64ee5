"""The cookies of a sign-in: the browser that is signed in, and the mark that it has been."""

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from keytrail.requester.people.access import COOKIE
from keytrail.users.devices import LASTS_DAYS
from keytrail.users.signing_in import SignedInNow
from keytrail.web.services import Services

DEVICE_COOKIE = "keytrail_device"
_DAY_S = 86_400


def signed_in(services: Services, begun: SignedInNow, where: str) -> Response:
    """Go on to a page of this site as the user who has just signed in."""
    answer = RedirectResponse(where, status_code=303)
    _set(answer, services, COOKIE, begun.token, services.settings.session_hours * 3600)
    remember_device(answer, services, begun.device)
    return answer


def remember_device(answer: Response, services: Services, mark: str) -> None:
    """Give the browser the mark of a known device."""
    _set(answer, services, DEVICE_COOKIE, mark, LASTS_DAYS * _DAY_S)


def own_token(request: Request) -> str:
    """The cookie of the browser that asks; empty without one."""
    return request.cookies.get(COOKIE, "")


def user_agent(request: Request) -> str:
    """What the browser says it is."""
    return request.headers.get("user-agent", "")


def _set(answer: Response, services: Services, name: str, value: str, seconds: int) -> None:
    answer.set_cookie(name, value, max_age=seconds, httponly=True, samesite="lax", secure=services.settings.secure)
