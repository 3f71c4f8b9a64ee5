"""Errors become a page for people and one JSON shape for programs, here and nowhere else."""

import logging
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from keytrail.db import storage_error
from keytrail.errors import BadShape, DomainError, NotFound
from keytrail.web.message import MessagePage
from keytrail.web.pages import Pages

_log = logging.getLogger("keytrail")


def install_error_handlers(app: FastAPI, pages: Pages) -> None:
    """Map every failure to an answer."""

    def answer(request: Request, error: DomainError, headers: Mapping[str, str] | None = None) -> Response:
        if error.retry_after is not None:
            headers = {**(headers or {}), "Retry-After": str(error.retry_after)}
        if request.url.path.startswith("/api/"):
            return JSONResponse(error_body(error), status_code=error.status, headers=headers)
        worker = request.url.path.startswith("/task/")
        page = MessagePage.for_worker(error) if worker else MessagePage.for_user(error)
        shown = pages.render(page, status=error.status)
        shown.headers.update(headers or {})
        return shown

    async def domain(request: Request, error: Exception) -> Response:
        assert isinstance(error, DomainError)  # noqa: S101  # registered for this class
        return answer(request, error)

    async def shape(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101  # registered for this class
        problems = [{"where": list(p["loc"]), "problem": p["msg"]} for p in error.errors()]
        return answer(
            request, BadShape("The request does not have the documented shape.", detail={"problems": problems})
        )

    async def http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101  # registered for this class
        return answer(request, _from_http(error), error.headers)

    async def database(request: Request, error: Exception) -> Response:
        _log.error("database not available at %s: %s", request.url.path, type(error.__cause__).__name__)
        return answer(request, storage_error(error))

    async def left(_request: Request, _error: Exception) -> Response:
        return Response(status_code=400)  # to nobody: the browser went away in the middle of a body

    async def unexpected(request: Request, error: Exception) -> Response:  # noqa: ARG001  # logged by the server
        return answer(request, _Unexpected("Something went wrong on our side. Nothing that was saved is lost."))

    app.add_exception_handler(DomainError, domain)
    app.add_exception_handler(RequestValidationError, shape)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(OperationalError, database)
    app.add_exception_handler(ClientDisconnect, left)
    app.add_exception_handler(Exception, unexpected)


def error_body(error: DomainError) -> dict[str, Any]:
    """The one JSON shape of an error."""
    return {"error": {"code": error.error_code, "message": error.message, "detail": error.detail}}


class _Unexpected(DomainError):
    status = 500
    code = "internal"


class _NotAllowed(DomainError):
    status = 405
    code = "method_not_allowed"


def _from_http(error: HTTPException) -> DomainError:
    if error.status_code == NotFound.status:
        return NotFound("There is nothing at this address. Check the link.")
    if error.status_code == _NotAllowed.status:
        return _NotAllowed("This address does not take that kind of request.")
    other = DomainError(str(error.detail))
    other.status = error.status_code  # type: ignore[misc]  # whatever the framework says
    return other
