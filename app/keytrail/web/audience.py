"""Tell by its path which audience an address belongs to."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any


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


def is_probe(scope: Mapping[str, Any]) -> bool:
    """Return whether an ASGI scope is that of a probe, which comes every few seconds."""
    return scope.get("path") in PROBES
