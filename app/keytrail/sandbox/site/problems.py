"""Pages for problems: turn errors into messages."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import ClassVar
from urllib.parse import urlencode

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import RedirectResponse, Response

from keytrail.errors import BadShape, DomainError
from keytrail.sandbox.accounts import SignInNeeded
from keytrail.sandbox.site.context import SandboxContext
from keytrail.sandbox.site.render import Page
from keytrail.sandbox.site.submit import SUBMIT_PATH

_HEADINGS = {404: "There is nothing here", 409: "Not possible any more", 500: "Something went wrong"}
_REASONS = {404: "There is no such page here.", 413: "The form is larger than this marketplace accepts."}


@dataclass(frozen=True)
class ProblemPage(Page):
    """An error message."""

    template: ClassVar[str] = "problem.html"
    heading: str
    message: str


def install(app: FastAPI, context: SandboxContext) -> None:
    """Turn errors into pages with a message; those for a task's form may be framed."""

    def show(request: Request, status: int, message: str) -> Response:
        page = ProblemPage(heading=_HEADINGS.get(status, "That is not possible"), message=message)
        ancestors = "'self'" if request.url.path == SUBMIT_PATH else "'none'"
        return context.pages.show(page, status=status, ancestors=ancestors)

    async def expected(request: Request, error: Exception) -> Response:
        return show(request, error.status, error.message) if isinstance(error, DomainError) else show(request, 500, "")

    async def sign_in_first(request: Request, _error: Exception) -> Response:
        here = request.url.path if request.method == "GET" else "/"
        return RedirectResponse(f"/sign-in?{urlencode({'next_url': here})}", status_code=303)

    async def malformed(request: Request, _error: Exception) -> Response:
        return show(
            request, BadShape.status, "The form or address lacks something, or holds something of the wrong kind."
        )

    async def framework(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        return show(request, status, _REASONS.get(status, "That is not possible here."))

    async def left(_request: Request, _error: Exception) -> Response:
        return Response(status_code=HTTPStatus.BAD_REQUEST)  # the browser disconnected while sending a form

    async def unexpected(request: Request, _error: Exception) -> Response:
        return show(request, 500, "Something went wrong here. Nothing was stored. The server's log says more.")

    app.add_exception_handler(DomainError, expected)
    app.add_exception_handler(SignInNeeded, sign_in_first)
    app.add_exception_handler(RequestValidationError, malformed)
    app.add_exception_handler(HTTPException, framework)
    app.add_exception_handler(ClientDisconnect, left)
    app.add_exception_handler(Exception, unexpected)
