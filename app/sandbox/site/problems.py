from dataclasses import dataclass
from http import HTTPStatus
from typing import ClassVar

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.errors import BadShape, DomainError
from app.sandbox.site.desk import Desk
from app.sandbox.site.render import Page


@dataclass(frozen=True)
class ProblemPage(Page):
    """What went wrong, in words."""

    template: ClassVar[str] = "problem.html"
    heading: str
    message: str


def install(app: FastAPI, desk: Desk) -> None:
    """Errors become pages that say what happened."""

    def show(status: int, message: str) -> Response:
        return desk.pages.show(ProblemPage(heading=HTTPStatus(status).phrase, message=message), status=status)

    async def expected(_request: Request, error: Exception) -> Response:
        return show(error.status, error.message) if isinstance(error, DomainError) else show(500, "")

    async def malformed(_request: Request, _error: Exception) -> Response:
        return show(BadShape.status, "The form or address lacks something, or holds something of the wrong kind.")

    async def framework(_request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        return show(
            status, "There is no such page here." if status == HTTPStatus.NOT_FOUND else "That is not possible here."
        )

    app.add_exception_handler(DomainError, expected)
    app.add_exception_handler(RequestValidationError, malformed)
    app.add_exception_handler(HTTPException, framework)
