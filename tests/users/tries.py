"""People at the sign-in form, with a hasher that takes no time."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from keytrail.db import Database
from keytrail.keyring import Keyring
from keytrail.models import User
from keytrail.users import hashing
from keytrail.users.accounts import add_user
from keytrail.users.hashing import hash_password
from keytrail.users.signing_in import Attempt, SignedInNow, try_sign_in
from keytrail.users.slots import SignInSlots
from tests.conftest import FakeClock

PASSWORD = "a long password"
HERE, ELSEWHERE = "192.0.2.1", "198.51.100.7"


class CheapHasher:
    """Compares without argon2, and records concurrent calls."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.meanwhile: Callable[[], None] = lambda: None

    def hash(self, password: str) -> str:
        self.meanwhile()
        return f"cheap {password}"

    def verify(self, stored: str, password: str) -> bool:
        self.seen.append(password)
        self.meanwhile()
        return stored == f"cheap {password}"


@pytest.fixture
def hasher(monkeypatch: pytest.MonkeyPatch) -> CheapHasher:
    cheap = CheapHasher()
    monkeypatch.setattr(hashing, "_HASHER", cheap)
    monkeypatch.setattr(hashing, "_slots", SignInSlots(2, 8))
    return cheap


@pytest.fixture
def tries(database: Database, keyring: Keyring, clock: FakeClock, hasher: CheapHasher) -> "Tries":
    with database.writing() as db:
        for name in ("ann", "bob"):
            add_user(db, f"{name}@example.org", name.capitalize(), hash_password(PASSWORD), clock())
    return Tries(database, keyring, clock)


class Tries:
    """A person at a sign-in form."""

    def __init__(self, database: Database, keyring: Keyring, clock: FakeClock) -> None:
        self.database, self.keyring, self.clock = database, keyring, clock

    def sign_in(self, address: str = HERE, *, email: str = "ann@example.org", device: str = "") -> SignedInNow | None:
        return self._try(Attempt(email, PASSWORD, address, device))

    def guess(self, address: str = ELSEWHERE, *, email: str = "ann@example.org", device: str = "") -> None:
        assert self._try(Attempt(email, "a wrong password", address, device)) is None

    def _try(self, attempt: Attempt) -> SignedInNow | None:
        return try_sign_in(self.database, self.keyring, attempt, 12, self.clock())

    def ann(self) -> User:
        with self.database.reading() as db:
            return db.query(User).filter_by(email="ann@example.org").one()


@contextmanager
def started(work: Callable[[], None], count: int) -> Iterator[None]:
    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    yield
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()
