"""Errors that people and programs are meant to see. Anything else is a bug and becomes a 500."""

from collections.abc import Mapping
from typing import Any, ClassVar


class DomainError(Exception):
    """An expected failure with a sentence for whoever asked.

    `message` says what happened and what to do; `detail` is extra data for programs (never secrets); `retry_after` are
    seconds after which trying again is worth while, sent as `Retry-After`.
    """

    status: ClassVar[int] = 400
    code: ClassVar[str] = "bad_request"

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        detail: Mapping[str, Any] | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.error_code = code or self.code
        self.detail = detail
        self.retry_after = retry_after


class BadRequest(DomainError):
    """The request cannot be understood or is incomplete."""


class Unauthorized(DomainError):
    """Nobody, or nobody we can recognise, is asking."""

    status = 401
    code = "unauthorized"


class Forbidden(DomainError):
    """Whoever asks may not do this."""

    status = 403
    code = "forbidden"


class NotFound(DomainError):
    """There is no such thing, or not for whoever asks."""

    status = 404
    code = "not_found"


class Conflict(DomainError):
    """The request no longer fits the state of things."""

    status = 409
    code = "conflict"


class TooLarge(DomainError):
    """More than this server takes in one request."""

    status = 413
    code = "too_large"


class BadShape(DomainError):
    """The body does not have the documented shape."""

    status = 422
    code = "bad_shape"


class TooMany(DomainError):
    """Too many tries in a short time."""

    status = 429
    code = "too_many"


class Unavailable(DomainError):
    """The server cannot store anything at the moment; trying again later is right."""

    status = 503
    code = "busy"


class ImportFailed(BadRequest):
    """A file could not be taken in; `problems` lists each row with its line number. Nothing was imported."""

    code = "import_failed"

    def __init__(self, message: str, problems: list[str]) -> None:
        super().__init__(message, detail={"problems": problems})
        self.problems = problems


class BadSettings(DomainError):
    """A setting is unknown or has a value that cannot be used."""

    code = "bad_settings"
