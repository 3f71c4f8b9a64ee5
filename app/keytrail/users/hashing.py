"""Passwords as argon2id hashes, worked out a few at a time.

One hash takes 64 MiB and some 50 ms of a core. So no transaction or connection may be held meanwhile, at most
`_AT_ONCE` are worked out, a few more wait, and whoever comes then is asked to come again.
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
    """The stored form of a password: never confused with the password itself."""

    value: str


class HashingSlots:
    """Lets a few work at once and a few more wait; Unavailable for the others."""

    def __init__(self, at_once: int, waiting: int) -> None:
        self._present = threading.BoundedSemaphore(at_once + waiting)
        self._working = threading.BoundedSemaphore(at_once)

    @contextmanager
    def admitted(self) -> Iterator[None]:
        """A place among those who work or wait. Raises Unavailable with `retry_after` at once if there is none."""
        if not self._present.acquire(blocking=False):
            raise Unavailable(
                "Many people are signing in at this moment. Please try again in a few seconds.",
                retry_after=_RETRY_S,
            )
        try:
            yield
        finally:
            self._present.release()

    @contextmanager
    def working(self) -> Iterator[None]:
        """One's turn, waited for by whoever was admitted."""
        with self._working:
            yield


@cache
def _nobody() -> str:
    """Checked when there is no such user, so that the answer takes as long as for one who exists."""
    return _HASHER.hash("nobody has this password")


_slots = HashingSlots(_AT_ONCE, _MOST_WAITING)


def hash_password(password: str) -> HashedPassword:
    """Work out the stored form. Raises BadRequest if the password is too short, Unavailable if too many wait."""
    if len(password) < _MIN_PASSWORD:
        raise BadRequest(f"A password needs at least {_MIN_PASSWORD} characters.", code="weak_password")
    with _slots.admitted(), _slots.working():
        return HashedPassword(_HASHER.hash(password))


def is_right(password: str, stored: HashedPassword | None, before: Callable[[], None] | None = None) -> bool:
    """Whether a password is the stored one; None for nobody's takes as long.

    `before` is called once it is certain that the password will be looked at, and may refuse by raising. Raises
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
