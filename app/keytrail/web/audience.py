"""Which audience an address belongs to."""

from enum import StrEnum


class Audience(StrEnum):
    """Workers' pages and their API may be framed; static files are public; everything else is for users alone."""

    WORKER = "worker"
    USER = "user"
    STATIC = "static"


def audience_of(path: str) -> Audience:
    """By the path alone."""
    if path.startswith(("/task/", "/api/worker/")):
        return Audience.WORKER
    return Audience.STATIC if path.startswith("/static/") else Audience.USER
