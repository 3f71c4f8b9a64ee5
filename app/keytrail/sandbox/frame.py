"""Build a task's address as a marketplace does, and name the origins to be framed."""

import re
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit, urlunsplit

PREVIEW_ASSIGNMENT = "ASSIGNMENT_ID_NOT_AVAILABLE"

_SANE_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


@dataclass(frozen=True)
class Visit:
    """A worker's view of a HIT; a preview has no assignment and no worker."""

    hit_id: str
    assignment_id: str = PREVIEW_ASSIGNMENT
    worker_id: str | None = None


def task_address(url: str, visit: Visit, submit_to: str) -> str:
    """Return the task's URL with the parameters that MTurk appends, in MTurk's order.

    A preview says `ASSIGNMENT_ID_NOT_AVAILABLE` and names no worker. Source: AWSMturkAPI, "ExternalQuestion", section
    "The External Form".
    """
    pairs = [("assignmentId", visit.assignment_id), ("hitId", visit.hit_id)]
    if visit.worker_id is not None:
        pairs.append(("workerId", visit.worker_id))
    pairs.append(("turkSubmitTo", submit_to))
    parts = urlsplit(url)
    query = "&".join(filter(None, [parts.query, urlencode(pairs)]))
    return urlunsplit(parts._replace(query=query))


def origin_of(url: str) -> str:
    """Return scheme, host and port of an address, as for a frame-src directive."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def sane_id(value: str | None) -> str | None:
    """Return an id from a query string, if it has the shape of one."""
    return value if value is not None and _SANE_ID.fullmatch(value) else None
