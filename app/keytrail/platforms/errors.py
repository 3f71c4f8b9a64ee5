"""Errors of requests to a platform."""

from typing import ClassVar

from keytrail.errors import DomainError


class PlatformFault(DomainError):
    """The platform refused, or could not be reached.

    `unsure` says that it may have performed the request anyway.
    """

    status: ClassVar[int] = 502
    code: ClassVar[str] = "platform"

    def __init__(self, message: str, *, unsure: bool = False) -> None:
        super().__init__(message)
        self.unsure = unsure


class NotConnected(PlatformFault):
    """A setting is missing, so nothing was sent."""

    status: ClassVar[int] = 409
    code: ClassVar[str] = "not_connected"


class Undecided(PlatformFault):
    """Only a person can tell, by looking at the platform, whether it was done. It must not be sent again before."""

    def __init__(self, message: str) -> None:
        super().__init__(message, unsure=True)
