import pytest

from keytrail.db import Database
from keytrail.errors import BadRequest, Conflict, TooMany
from keytrail.keyring import Keyring
from keytrail.models import SignIn
from keytrail.users.accounts import add_user
from keytrail.users.signing_in import end_sign_in, signed_in_user, start_sign_in, try_sign_in
from keytrail.users.tokens import create_token, user_of_token
from tests.conftest import FakeClock

RIGHT = ("Ann@Example.org", "a long password")


@pytest.fixture
def ann(database: Database, clock: FakeClock) -> None:
    with database.writing() as db:
        add_user(db, "ann@example.org", "Ann", "a long password", clock())


@pytest.mark.usefixtures("ann")
class TestSigningIn:
    def test_the_right_password_signs_in_whatever_the_case_of_the_address(
        self, database: Database, keyring: Keyring, clock: FakeClock
    ) -> None:
        with database.writing() as db:
            user = try_sign_in(db, keyring, RIGHT, "192.0.2.1", clock())
        assert user is not None
        assert user.name == "Ann"

    def test_five_wrong_passwords_lock_the_account_for_a_while(
        self, database: Database, keyring: Keyring, clock: FakeClock
    ) -> None:
        with database.writing() as db:
            for n in range(5):
                assert try_sign_in(db, keyring, ("ann@example.org", f"wrong {n}"), f"192.0.2.{n}", clock()) is None
            with pytest.raises(TooMany):
                try_sign_in(db, keyring, RIGHT, "192.0.2.9", clock())
            clock.advance(minutes=15)
            assert try_sign_in(db, keyring, RIGHT, "192.0.2.9", clock()) is not None

    def test_one_address_cannot_try_many_accounts(self, database: Database, keyring: Keyring, clock: FakeClock) -> None:
        with database.writing() as db:
            for n in range(20):
                assert try_sign_in(db, keyring, (f"user{n}@example.org", "wrong"), "192.0.2.1", clock()) is None
            with pytest.raises(TooMany):
                try_sign_in(db, keyring, RIGHT, "192.0.2.1", clock())

    def test_a_sign_in_ends_by_time_and_by_signing_out(
        self, database: Database, keyring: Keyring, clock: FakeClock
    ) -> None:
        with database.writing() as db:
            user = try_sign_in(db, keyring, RIGHT, "192.0.2.1", clock())
            assert user is not None
            cookie, other = (start_sign_in(db, user, 12, clock()) for _ in range(2))
            assert signed_in_user(db, cookie, clock()) is user
            end_sign_in(db, cookie)
            assert signed_in_user(db, cookie, clock()) is None
            clock.advance(hours=12)
            assert signed_in_user(db, other, clock()) is None

    def test_neither_cookie_nor_token_is_stored(self, database: Database, keyring: Keyring, clock: FakeClock) -> None:
        with database.writing() as db:
            user = try_sign_in(db, keyring, RIGHT, "192.0.2.1", clock())
            assert user is not None
            cookie = start_sign_in(db, user, 12, clock())
            token = create_token(db, user, "test", clock())
            db.flush()
            assert cookie not in db.query(SignIn.token_hash).scalar()
            assert user_of_token(db, token) is user
            assert user_of_token(db, token + "x") is None


def test_weak_passwords_bad_addresses_and_doubles_are_refused(database: Database, clock: FakeClock) -> None:
    with database.writing() as db:
        with pytest.raises(BadRequest, match="10 characters"):
            add_user(db, "bob@example.org", "Bob", "short", clock())
        with pytest.raises(BadRequest, match="not an e-mail"):
            add_user(db, "bob", "Bob", "a long password", clock())
        add_user(db, "bob@example.org", "Bob", "a long password", clock())
        with pytest.raises(Conflict):
            add_user(db, "BOB@example.org", "Bob", "a long password", clock())
