"""Hash passwords with argon2id, a few at a time.

One hash takes 64 MiB and some 50 ms of a core. No transaction or connection may be held meanwhile. At most `_AT_ONCE`
run, a few more wait, and further requests are told to retry.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from keytrail.errors import BadRequest, Unavailable

_HASHER = PasswordHasher()
_MIN_PASSWORD = 10
_AT_ONCE = 2
# Each waits in one of the server's threads (40 by default), which other pages need too.
_MOST_WAITING = 8
_RETRY_S = 2


@dataclass(frozen=True)
class HashedPassword:
    """The stored form of a password, distinct from the password itself."""

    value: str


class HashingSlots:
    """Let a few run at once and a few more wait; raise Unavailable for the others."""

    def __init__(self, at_once: int, waiting: int) -> None:
        self._present = threading.BoundedSemaphore(at_once + waiting)
        self._working = threading.BoundedSemaphore(at_once)

    @contextmanager
    def admitted(self) -> Iterator[None]:
        """Hold a place among the running and waiting. Raises Unavailable with `retry_after` at once if there
        is none.
        """
        if not self._present.acquire(blocking=False):
            raise Unavailable(
                "Many people are signing in at the moment. Please try again in a few seconds.",
                retry_after=_RETRY_S,
            )
        try:
            yield
        finally:
            self._present.release()

    @contextmanager
    def working(self) -> Iterator[None]:
        """Wait for a turn after admission, and hold it."""
        with self._working:
            yield


@cache
def _nobody() -> str:
    """Checked when there is no such user, so that the answer takes as long as for one who exists."""
    return _HASHER.hash("nobody has this password")


_slots = HashingSlots(_AT_ONCE, _MOST_WAITING)


def hash_password(password: str) -> HashedPassword:
    """Return the stored form. Raises BadRequest if the password is too short, Unavailable if too many wait."""
    if len(password) < _MIN_PASSWORD:
        raise BadRequest(f"A password needs at least {_MIN_PASSWORD} characters.", code="weak_password")
    with _slots.admitted(), _slots.working():
        return HashedPassword(_HASHER.hash(password))


def is_right(password: str, stored: HashedPassword | None, before: Callable[[], None] | None = None) -> bool:
    """Return whether a password matches the stored one; None takes equally long.

    `before` is called once it is certain that the password will be checked, and may refuse by raising. Raises
    Unavailable if too many wait.
    """
    with _slots.admitted():
        if before is not None:
            before()
        with _slots.working():
            try:
                return _HASHER.verify(stored.value if stored else _nobody(), password) and stored is not None
            except (VerificationError, InvalidHashError):
                return False
