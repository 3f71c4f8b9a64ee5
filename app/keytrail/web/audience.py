"""Tell by its path which audience an address belongs to."""

from enum import StrEnum


class Audience(StrEnum):
    """Workers' pages and their API may be framed; static files are public; probes are for machines; the rest, users."""

    WORKER = "worker"
    USER = "user"
    STATIC = "static"
    PROBE = "probe"


PROBES = frozenset({"/healthz", "/readyz"})
"""Asked by load balancers and process managers, under whatever name they know this server."""


def audience_of(path: str) -> Audience:
    """Return the audience of a path."""
    if path.startswith(("/task/", "/api/worker/")):
        return Audience.WORKER
    if path in PROBES:
        return Audience.PROBE
    return Audience.STATIC if path.startswith("/static/") else Audience.USER
