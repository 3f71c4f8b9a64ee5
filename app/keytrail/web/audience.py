"""Tell by its path which audience an address belongs to."""

from enum import StrEnum


class Audience(StrEnum):
    """Who an address is for. Workers' pages and their API may be framed; static files are public; the rest is for
    users.
    """

    WORKER = "worker"
    USER = "user"
    STATIC = "static"


def audience_of(path: str) -> Audience:
    """Return the audience of a path."""
    if path.startswith(("/task/", "/api/worker/")):
        return Audience.WORKER
    return Audience.STATIC if path.startswith("/static/") else Audience.USER
