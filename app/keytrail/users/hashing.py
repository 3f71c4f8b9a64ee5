"""Hash passwords with argon2id, a few at a time.

One hash takes 64 MiB and some 50 ms of a core. No transaction or connection may be held meanwhile. At most `_AT_ONCE`
run, a few more wait, and further requests are told to retry.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError, VerifyMismatchError

from keytrail.errors import BadRequest
from keytrail.users.slots import SignInSlots, busy

_HASHER = PasswordHasher()
_MIN_PASSWORD = 10
_AT_ONCE = 2
# Each waits in one of the server's threads (40 by default), which other pages need too.
_MOST_WAITING = 8


@dataclass(frozen=True)
class HashedPassword:
    """The stored form of a password, distinct from the password itself."""

    value: str


NO_PASSWORD = HashedPassword("!")
"""Matches no password: of accounts that others authenticate."""


@cache
def _nobody() -> str:
    """Checked when there is no such user, so that the answer takes as long as for one who exists."""
    return _HASHER.hash("nobody has this password")


_slots = SignInSlots(_AT_ONCE, _MOST_WAITING)


@contextmanager
def _hashing() -> Iterator[None]:
    """Wait for a turn, and hold it. Raises Unavailable if the machine cannot hash at the moment."""
    with _slots.working():
        try:
            yield
        except (VerifyMismatchError, InvalidHashError):
            raise
        except Argon2Error as error:  # no memory; to call the password wrong would be untrue
            raise busy() from error


def hash_password(password: str) -> HashedPassword:
    """Return the stored form. Raises BadRequest if the password is too short, Unavailable if too many wait or memory is
    short.
    """
    if len(password) < _MIN_PASSWORD:
        raise BadRequest(f"A password needs at least {_MIN_PASSWORD} characters.", code="weak_password")
    with _slots.admitted(), _hashing():
        return HashedPassword(_HASHER.hash(password))


def is_right(password: str, stored: HashedPassword | None, before: Callable[[], None] | None = None) -> bool:
    """Return whether a password matches the stored one; None, and an account without one, take equally long.

    `before` is called once it is certain that the password will be checked, and may refuse by raising. Raises
    Unavailable if too many wait or memory is short.
    """
    with _slots.admitted():
        if before is not None:
            before()
        with _hashing():
            try:
                real = stored is not None and stored != NO_PASSWORD
                return _HASHER.verify(stored.value if stored and real else _nobody(), password) and real
            except (VerifyMismatchError, InvalidHashError):
                return False
