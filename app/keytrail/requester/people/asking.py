"""Whoever is not signed in is asked to, and comes back to the page that was wanted."""

from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from keytrail.requester.people.access import SignInRequired


async def ask_to_sign_in(_request: Request, error: Exception) -> Response:
    """The answer to SignInRequired."""
    wanted = error.wanted if isinstance(error, SignInRequired) else "/"
    query = urlencode({"wanted": wanted}) if wanted != "/" else ""
    return RedirectResponse(f"/sign-in?{query}" if query else "/sign-in", status_code=303)
