"""Generate ids in the shapes of MTurk's service model."""

import secrets
import string

_LETTERS = string.ascii_uppercase + string.digits


def new_entity_id() -> str:
    """Return an id for anything but a worker: `^[A-Z0-9]+$`, 30 characters as on MTurk, 149 random bits."""
    return "3" + _random(29)


def new_worker_id() -> str:
    """Return a worker's id: `^A[A-Z0-9]+$`, 14 characters like MTurk's own."""
    return "A" + _random(13)


def _random(length: int) -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(length))
