"""A page with only a message."""

from dataclasses import dataclass
from typing import ClassVar

from keytrail.errors import DomainError

_TITLES = {
    401: "Please sign in",
    403: "This page cannot be opened",
    404: "Not found",
    409: "This cannot be done now",
    413: "Too large",
    429: "Please wait a little",
    500: "Something went wrong",
    503: "Please try again in a moment",
}


@dataclass(frozen=True)
class MessagePage:
    """What happened and what to do; `audience` selects the layout."""

    template: ClassVar[str] = "message.html"

    title: str
    message: str
    audience: str

    @classmethod
    def for_worker(cls, error: DomainError) -> "MessagePage":
        """Return the message page for an error on a task page."""
        return cls(_TITLES.get(error.status, "This did not work"), error.message, "worker")

    @classmethod
    def for_user(cls, error: DomainError) -> "MessagePage":
        """Return the message page for an error on a dashboard page."""
        return cls(_TITLES.get(error.status, "This did not work"), error.message, "requester")
