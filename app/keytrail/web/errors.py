"""Turn errors into a page for people or one JSON shape for programs."""

import logging
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from sqlalchemy.exc import IntegrityError, NoResultFound, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import ObjectDeletedError, StaleDataError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from keytrail.db import storage_error
from keytrail.errors import BadShape, Conflict, DomainError, NotFound, Unavailable
from keytrail.language import ENGLISH, Language, message, preferred_language
from keytrail.web.audience import Audience, audience_of
from keytrail.web.logs import logged_path
from keytrail.web.message_page import MessagePage
from keytrail.web.pages import Pages

_log = logging.getLogger("keytrail")
_RETRY_AFTER_S = "5"
# A row that was read in one unit of work and is gone in the next, or that two add at once.
_CHANGED = (NoResultFound, IntegrityError, StaleDataError, ObjectDeletedError)


def install_error_handlers(app: FastAPI, pages: Pages) -> None:
    """Register handlers for every expected failure; `unexpected` handles all others."""

    async def domain(request: Request, error: Exception) -> Response:
        return answer_to(pages, request, error)

    async def shape(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101  # registered for this class
        problems = [{"where": list(p["loc"]), "problem": p["msg"]} for p in error.errors()]
        wrong = BadShape("The request does not have the documented shape.", detail={"problems": problems})
        return answer_to(pages, request, wrong)

    async def http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101  # registered for this class
        if error.status_code == NotFound.status and (found := _without_slash(request)):
            return RedirectResponse(found, status_code=307)
        return answer_to(pages, request, _from_http(error), error.headers)

    async def database(request: Request, error: Exception) -> Response:
        cause = type(error.__cause__ or error).__name__
        _log.error("database not available at %s: %s", logged_path(request.scope), cause)
        return answer_to(pages, request, storage_error(error))

    async def changed(request: Request, error: Exception) -> Response:
        _log.error("something was changed or deleted meanwhile at %s", logged_path(request.scope), exc_info=error)
        return answer_to(pages, request, _changed_meanwhile(request))

    async def left(_request: Request, _error: Exception) -> Response:
        return Response(status_code=400)  # nobody reads it: the browser disconnected while sending the body

    app.add_exception_handler(DomainError, domain)
    app.add_exception_handler(RequestValidationError, shape)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(OperationalError, database)
    app.add_exception_handler(PoolTimeout, database)
    for kind in _CHANGED:
        app.add_exception_handler(kind, changed)
    app.add_exception_handler(ClientDisconnect, left)


def answer_to(pages: Pages, request: Request, error: Exception, headers: Mapping[str, str] | None = None) -> Response:
    """Render an error as a page or JSON, depending on the request; anything but a DomainError becomes a 500.

    A machine that has no memory or thread to spare is busy, not broken: the client may try again.
    """
    if _is_shortage(error):
        error = Unavailable(message("The server is busy. Please try again in a moment."))
    elif not isinstance(error, DomainError):
        error = _Unexpected(
            message(
                "Something went wrong on our side. Nothing that was saved is lost. Please reload the page in a moment."
            )
        )
    more = dict(headers or {})
    if error.retry_after is not None:
        more.setdefault("retry-after", str(error.retry_after))
    elif error.status == Unavailable.status:
        more.setdefault("retry-after", _RETRY_AFTER_S)
    if request.url.path.startswith("/api/"):
        return JSONResponse(error_body(error, _language_of(request)), status_code=error.status, headers=more)
    worker = audience_of(request.url.path) is Audience.WORKER
    page = MessagePage.for_worker(error, _language_for(request)) if worker else MessagePage.for_user(error)
    rendered = pages.render(page, status=error.status)
    rendered.headers.update(more)
    return rendered


def _is_shortage(error: Exception) -> bool:
    no_thread = isinstance(error, RuntimeError) and str(error).startswith("can't start new thread")
    return no_thread or isinstance(error, MemoryError)


def error_body(error: DomainError, language: Language = ENGLISH) -> dict[str, Any]:
    """Return the JSON of an error."""
    return {"error": {"code": error.error_code, "message": language.text(error.message), "detail": error.detail}}


def _language_of(request: Request) -> Language:
    """Return the study's language once the request has found a study (worker/context.py)."""
    found: Language = getattr(request.state, "language", ENGLISH)
    return found


def _language_for(request: Request) -> Language:
    """Return the study's language, or without a study the one that the browser prefers."""
    known = hasattr(request.state, "language")
    return _language_of(request) if known else preferred_language(request.headers.get("accept-language", ""))


def _changed_meanwhile(request: Request) -> DomainError:
    """Nothing was stored. A worker's page tries again by itself, and is told then what became of its session."""
    if audience_of(request.url.path) is Audience.WORKER:
        return Unavailable(message("The server is busy. Please try again in a moment."))
    return Conflict(
        "Somebody else changed or deleted this at the same moment, so nothing was done. Reload the page and look.",
        code="changed_meanwhile",
    )


class _Unexpected(DomainError):
    status = 500
    code = "internal"


class _NotAllowed(DomainError):
    status = 405
    code = "method_not_allowed"


def _from_http(error: HTTPException) -> DomainError:
    if error.status_code == NotFound.status:
        return NotFound(message("There is nothing at this address. Check the link."))
    if error.status_code == _NotAllowed.status:
        return _NotAllowed("This address does not accept this kind of request. Go back and use the page's buttons.")
    other = DomainError(str(error.detail))
    other.status = error.status_code  # type: ignore[misc]  # whatever the framework says
    return other


def _without_slash(request: Request) -> str:
    """Return the address without its trailing slash, or nothing if it has none.

    Relative, so that it keeps the host and scheme that the browser knows, whatever a proxy reported. It starts with one
    slash: two would name another host.
    """
    path = str(request.scope["path"])
    bare = path.strip("/")
    if request.method not in {"GET", "HEAD"} or not path.endswith("/") or not bare:
        return ""
    query = f"?{request.url.query}" if request.url.query else ""
    return f"/{quote(bare, safe='/')}{query}"
