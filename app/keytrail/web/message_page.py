"""A page with only a message."""

from dataclasses import dataclass
from typing import ClassVar

from keytrail.errors import DomainError
from keytrail.language import ENGLISH, Language, message

_TITLES = {
    401: "Please sign in",
    403: message("This page cannot be opened"),
    404: message("Not found"),
    409: message("This cannot be done now"),
    413: message("Too large"),
    429: message("Please wait a little"),
    500: message("Something went wrong"),
    503: message("Please try again in a moment"),
}
# A worker has no account: what is not accepted is the page's ticket.
_WORKER_TITLES = {401: message("This page is out of date")}
_NO_TITLE = message("This did not work")


@dataclass(frozen=True)
class MessagePage:
    """What happened and what to do; `audience` selects the layout."""

    template: ClassVar[str] = "message.html"

    title: str
    message: str
    audience: str
    language: Language = ENGLISH

    @classmethod
    def for_worker(cls, error: DomainError, language: Language) -> "MessagePage":
        """Return the message page for an error on a task page."""
        title = (_TITLES | _WORKER_TITLES).get(error.status, _NO_TITLE)
        return cls(language.text(title), language.text(error.message), "worker", language)

    @classmethod
    def for_user(cls, error: DomainError) -> "MessagePage":
        """Return the message page for an error on a dashboard page."""
        return cls(_TITLES.get(error.status, _NO_TITLE), error.message, "requester")
