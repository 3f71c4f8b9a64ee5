"""Errors that are shown to people and programs. Any other exception is a bug and becomes a 500."""

from collections.abc import Mapping
from typing import Any, ClassVar


class DomainError(Exception):
    """An expected failure with a message for the client.

    `message` says what happened and what to do. `detail` is extra data for programs (never secrets). `retry_after` is
    the number of seconds for `Retry-After`.
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
    """The request is malformed or incomplete."""


class Unauthorized(DomainError):
    """The client is not signed in or has no valid token."""

    status = 401
    code = "unauthorized"


class Forbidden(DomainError):
    """The client may not do this."""

    status = 403
    code = "forbidden"


class NotFound(DomainError):
    """There is no such thing, or the client may not see it."""

    status = 404
    code = "not_found"


class Conflict(DomainError):
    """The request conflicts with the current state."""

    status = 409
    code = "conflict"


class TooLarge(DomainError):
    """The request is larger than this server accepts."""

    status = 413
    code = "too_large"


class BadShape(DomainError):
    """The body does not have the documented shape."""

    status = 422
    code = "bad_shape"


class TooMany(DomainError):
    """Too many attempts in a short time."""

    status = 429
    code = "too_many"


class Unavailable(DomainError):
    """The server cannot store anything at the moment; retry later."""

    status = 503
    code = "busy"


class ImportFailed(BadRequest):
    """A file was not imported; `problems` lists each row with its line number. Nothing was stored."""

    code = "import_failed"

    def __init__(self, message: str, problems: list[str]) -> None:
        super().__init__(message, detail={"problems": problems})
        self.problems = problems


class BadSettings(DomainError):
    """A setting is unknown or invalid."""

    code = "bad_settings"


class OtherVersion(BadSettings):
    """The database has a migration that this version does not know."""

    def __init__(self) -> None:
        super().__init__(
            "The database was made by another version of Keytrail, newer than this one or never released. Install the "
            "version that made it, or export your data there and start with a new database here."
        )
