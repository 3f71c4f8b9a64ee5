import threading

import pytest

from keytrail.db import Database
from keytrail.errors import BadRequest, Conflict, TooMany, Unavailable
from keytrail.models import SignIn, SignInCount, User
from keytrail.users import throttle
from keytrail.users.accounts import add_user
from keytrail.users.hashing import HashedPassword, hash_password
from keytrail.users.passwords import set_password
from keytrail.users.signing_in import end_sign_in, signed_in_user, start_sign_in
from keytrail.users.tokens import create_token, user_of_token
from tests.conftest import FakeClock
from tests.users.tries import ELSEWHERE, HERE, PASSWORD, CheapHasher, Tries, hasher, started, tries

__all__ = ["hasher", "tries"]


class TestSigningIn:
    def test_the_right_password_signs_in_whatever_the_case_of_the_address(self, tries: Tries) -> None:
        begun = tries.sign_in(email="Ann@Example.org ")
        assert begun is not None
        with tries.database.reading() as db:
            user = signed_in_user(db, begun.token, tries.clock())
        assert user is not None
        assert user.name == "Ann"

    def test_a_sign_in_ends_by_time_and_by_signing_out(self, tries: Tries) -> None:
        begun = tries.sign_in()
        assert begun is not None
        with tries.database.writing() as db:
            user = signed_in_user(db, begun.token, tries.clock())
            assert user is not None
            other = start_sign_in(db, user, 12, tries.clock())
            end_sign_in(db, begun.token)
            assert signed_in_user(db, begun.token, tries.clock()) is None
            tries.clock.advance(hours=12)
            assert signed_in_user(db, other, tries.clock()) is None

    def test_neither_cookie_nor_token_is_stored(self, tries: Tries) -> None:
        begun = tries.sign_in()
        assert begun is not None
        with tries.database.writing() as db:
            user = signed_in_user(db, begun.token, tries.clock())
            assert user is not None
            token = create_token(db, user, "test", tries.clock())
            db.flush()
            assert begun.token not in db.query(SignIn.token_hash).scalar()
            assert user_of_token(db, token) is user
            assert user_of_token(db, token + "x") is None

    def test_a_password_that_was_changed_while_it_was_looked_at_signs_nobody_in(
        self, tries: Tries, hasher: CheapHasher
    ) -> None:
        def change() -> None:
            with tries.database.writing() as db:
                set_password(db, db.get_one(User, tries.ann().id), HashedPassword("cheap another one"))

        hasher.meanwhile = change
        assert tries.sign_in() is None
        with tries.database.reading() as db:
            assert db.query(SignIn).count() == 0


class TestTheThrottle:
    def test_five_wrong_passwords_from_one_address_end_its_tries_at_the_account_for_a_while(self, tries: Tries) -> None:
        for _ in range(throttle.PER_ADDRESS_AND_ACCOUNT):
            tries.guess(HERE)
        with pytest.raises(TooMany) as refused:
            tries.sign_in(HERE)
        assert refused.value.retry_after == 15 * 60
        tries.clock.advance(minutes=15)
        assert tries.sign_in(HERE) is not None

    def test_twenty_wrong_passwords_from_elsewhere_lock_nobody_else_out(self, tries: Tries) -> None:
        for n in range(throttle.PER_ADDRESS):
            tries.guess(ELSEWHERE if n < 5 else f"203.0.113.{n}")
        assert tries.sign_in(HERE) is not None
        assert tries.sign_in(HERE, email="bob@example.org") is not None

    def test_one_address_cannot_try_many_accounts(self, tries: Tries) -> None:
        for n in range(throttle.PER_ADDRESS):
            tries.guess(email=f"user{n}@example.org")
        with pytest.raises(TooMany):
            tries.sign_in(ELSEWHERE)
        assert tries.sign_in(HERE) is not None

    def test_a_customer_with_many_ipv6_addresses_is_one(self, tries: Tries) -> None:
        for n in range(throttle.PER_ADDRESS_AND_ACCOUNT):
            tries.guess(f"2001:db8:1:2::{n}")
        with pytest.raises(TooMany):
            tries.guess("2001:db8:1:2:ffff::1")
        assert tries.sign_in("2001:db8:1:3::1") is not None

    def test_the_right_password_passes_from_a_known_device_whatever_others_do(self, tries: Tries) -> None:
        begun = tries.sign_in(HERE)
        assert begun is not None
        for n in range(throttle.PER_ACCOUNT):
            tries.guess(f"2001:db8:{n:x}::1")
        for _ in range(5):
            with pytest.raises(TooMany):
                tries.guess("203.0.113.200")
        with pytest.raises(TooMany):
            tries.sign_in(HERE)
        assert tries.sign_in(HERE, device=begun.device) is not None
        assert tries.sign_in(HERE, email="bob@example.org") is not None

    def test_a_known_device_has_limits_of_its_own(self, tries: Tries) -> None:
        begun = tries.sign_in(HERE)
        assert begun is not None
        for _ in range(throttle.PER_DEVICE):
            tries.guess(HERE, device=begun.device)
        with pytest.raises(TooMany):
            tries.sign_in(HERE, device=begun.device)
        assert tries.sign_in(HERE) is not None

    @pytest.mark.parametrize("mark", ["", ".", "x.y", "é.é", "a.b.c"])
    def test_a_mark_that_was_made_up_is_no_known_device(self, tries: Tries, mark: str) -> None:
        for _ in range(throttle.PER_ADDRESS_AND_ACCOUNT):
            tries.guess(HERE)
        with pytest.raises(TooMany):
            tries.sign_in(HERE, device=mark)

    def test_the_mark_of_one_account_or_password_is_none_of_another(self, tries: Tries) -> None:
        begun = tries.sign_in(HERE, email="bob@example.org")
        own = tries.sign_in(HERE)
        assert begun is not None
        assert own is not None
        with tries.database.writing() as db:
            set_password(db, db.get_one(User, tries.ann().id), hash_password(PASSWORD + "!"))
        for _ in range(throttle.PER_ADDRESS_AND_ACCOUNT):
            tries.guess(HERE)
        for mark in (begun.device, own.device):
            with pytest.raises(TooMany):
                tries.sign_in(HERE, device=mark)

    def test_holds_under_parallel_tries(self, tries: Tries, hasher: CheapHasher) -> None:
        outcomes: list[str] = []
        together = threading.Barrier(12)

        def guess() -> None:
            together.wait()
            try:
                tries.guess(HERE)
                outcomes.append("looked at")
            except (TooMany, Unavailable) as refused:
                outcomes.append(type(refused).__name__)

        with started(guess, 12):
            pass
        assert outcomes.count("looked at") <= throttle.PER_ADDRESS_AND_ACCOUNT
        assert len(hasher.seen) == outcomes.count("looked at")
        with tries.database.reading() as db:
            assert max(row.tries for row in db.query(SignInCount)) <= throttle.PER_ADDRESS_AND_ACCOUNT

    def test_refused_tries_write_nothing_and_look_at_no_password(self, tries: Tries, hasher: CheapHasher) -> None:
        for _ in range(throttle.PER_ADDRESS_AND_ACCOUNT):
            tries.guess(HERE)
        with tries.database.writing(), pytest.raises(TooMany):
            tries.guess(HERE)
        assert len(hasher.seen) == throttle.PER_ADDRESS_AND_ACCOUNT

    def test_counts_that_are_over_are_thrown_away(self, tries: Tries) -> None:
        tries.guess(ELSEWHERE)
        tries.clock.advance(minutes=16)
        tries.sign_in(HERE)
        with tries.database.reading() as db:
            assert {row.tries for row in db.query(SignInCount)} == {0}


def test_weak_passwords_bad_addresses_and_doubles_are_refused(
    database: Database, clock: FakeClock, hasher: CheapHasher
) -> None:
    with pytest.raises(BadRequest, match="10 characters"):
        hash_password("short")
    hashed = hash_password(PASSWORD)
    with database.writing() as db:
        with pytest.raises(BadRequest, match="not an e-mail"):
            add_user(db, "bob", "Bob", hashed, clock())
        add_user(db, "bob@example.org", "Bob", hashed, clock())
        with pytest.raises(Conflict):
            add_user(db, "BOB@example.org", "Bob", hashed, clock())
