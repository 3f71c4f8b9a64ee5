import threading
from importlib.util import find_spec, module_from_spec
from typing import Any

import pytest
from argon2.exceptions import VerificationError

from keytrail.errors import BadRequest, Unavailable
from keytrail.models import User
from keytrail.users import hashing
from keytrail.users.hashing import HashedPassword
from keytrail.users.passwords import NewPassword, change_password, set_password
from tests.users.tries import PASSWORD, CheapHasher, Tries, hasher, started, tries

__all__ = ["hasher", "tries"]


class TestHashing:
    def test_holds_neither_a_transaction_nor_a_connection(self, tries: Tries, hasher: CheapHasher) -> None:
        busy: list[int] = []

        def look() -> None:
            busy.append(tries.database.engine.pool.checkedout())  # type: ignore[attr-defined]  # a queue pool
            # As ingest does while somebody signs in; inside a transaction this would wait in vain.
            with tries.database.writing():
                pass

        hasher.meanwhile = look
        assert tries.sign_in() is not None
        tries.guess()
        new = NewPassword(PASSWORD, "another long one")
        change_password(tries.database, tries.keyring, tries.ann().id, new, "", tries.clock())
        assert busy == [0] * 4

    def test_an_old_password_replaces_none_that_was_set_meanwhile(self, tries: Tries, hasher: CheapHasher) -> None:
        def evict() -> None:
            with tries.database.writing() as db:
                user = db.get_one(User, tries.ann().id)
                set_password(db, user, HashedPassword("cheap a new one"))

        mine = NewPassword(PASSWORD, "the intruder's one")
        hasher.meanwhile = evict
        with pytest.raises(BadRequest, match="changed meanwhile"):
            change_password(tries.database, tries.keyring, tries.ann().id, mine, "", tries.clock())
        assert tries.ann().password_hash == "cheap a new one"

    def test_a_few_are_worked_out_at_once_and_few_wait(self, hasher: CheapHasher) -> None:
        at_work, most, go_on = [0], [0], threading.Event()
        lock = threading.Lock()

        def work() -> None:
            with lock:
                at_work[0] += 1
                most[0] = max(most[0], at_work[0])
            assert go_on.wait(30)
            with lock:
                at_work[0] -= 1

        hasher.meanwhile = work
        answers: list[str] = []

        def check() -> None:
            try:
                hashing.is_right("x", None)
                answers.append("looked at")
            except Unavailable as refused:
                answers.append("refused" if refused.retry_after else "refused without a time")
            if answers.count("refused") == 140:
                go_on.set()

        with started(check, 150):
            pass
        assert (answers.count("refused"), answers.count("looked at"), most[0]) == (140, 10, 2)

    def test_a_turn_is_given_back_whatever_happens(self, hasher: CheapHasher) -> None:
        def fail() -> None:
            raise RuntimeError

        hasher.meanwhile = fail
        for _ in range(30):
            with pytest.raises(RuntimeError):
                hashing.is_right("x", None)

    def test_a_machine_without_memory_calls_no_password_wrong(
        self, tries: Tries, hasher: CheapHasher, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(stored: str, password: str) -> bool:
            raise VerificationError("Memory allocation error")

        monkeypatch.setattr(hasher, "verify", fail)
        with pytest.raises(Unavailable) as refused:
            tries.sign_in()
        assert refused.value.retry_after


@pytest.mark.parametrize("stored", [None, hashing.NO_PASSWORD])
def test_nobodys_password_and_that_of_an_account_without_one_take_as_long_as_any(
    stored: HashedPassword | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[str] = []

    class Watched(CheapHasher):
        def verify(self, stored: str, password: str) -> bool:
            checked.append(stored)
            return True

    monkeypatch.setattr(hashing, "_HASHER", Watched())
    assert not hashing.is_right("a guess", stored)
    assert checked == [hashing._nobody()]


def test_argon2_itself_tells_right_from_wrong() -> None:
    """With the parameters that a server has; other tests hash with less work (tests/conftest.py)."""
    real = as_a_server_loads_it()
    hashed = real.hash_password(PASSWORD)
    # RFC 9106, section 4: the second recommended option.
    assert hashed.value.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert real.is_right(PASSWORD, hashed)
    assert not real.is_right("another password", hashed)
    assert not real.is_right("nobody has this password", None)
    assert not real.is_right(PASSWORD, real.HashedPassword("!"))
    assert real._nobody().startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def as_a_server_loads_it() -> Any:
    """The module anew, as the tests have changed it."""
    spec = find_spec(hashing.__name__)
    assert spec is not None
    assert spec.loader is not None
    loaded = module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded
