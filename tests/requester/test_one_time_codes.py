"""One-time codes as a second factor: turning them on, signing in with them, and losing the device."""

import re
from dataclasses import dataclass, field

import pyotp
import pytest
from httpx2 import Response

from keytrail.models import User
from keytrail.users.hashing import hash_password
from keytrail.users.one_time_codes import forget_codes
from tests.requester.site import Site, Visitor

PASSWORD = "a long password"
EMAIL = "olivia@example.org"
LATER_S = 90


@dataclass
class Olivia:
    """Olivia, who has a password, and an app that knows her secret once she has scanned it."""

    site: Site
    visitor: Visitor
    secret: str = field(default="", init=False)

    def code(self, ago_s: int = 0) -> str:
        return pyotp.TOTP(self.secret).at(int(self.site.clock().timestamp()) - ago_s)

    def turn_on(self, password: str = PASSWORD, code: str = "") -> Response:
        page = self.visitor.page("/account/codes")
        found = re.search(r'name="secret" value="([A-Z2-7]{32})"', page)
        assert found
        self.secret = found[1]
        assert 'src="data:image/svg+xml' in page
        return self.visitor.post("/account/codes/on", secret=self.secret, code=code or self.code(), password=password)

    def sign_in(self, code: str = "", password: str = PASSWORD) -> int:
        answer = self.site.visitor().post("/sign-in", email=EMAIL, password=password, code=code)
        return answer.status_code


@pytest.fixture
def olivia(site: Site) -> Olivia:
    with site.database.writing() as db:
        db.get_one(User, site.people["olivia"]).password_hash = hash_password(PASSWORD).value
    return Olivia(site, site.visitor("olivia"))


def test_signing_in_takes_a_code_and_each_code_once(olivia: Olivia) -> None:
    assert olivia.sign_in() == 303
    assert olivia.turn_on().status_code == 303
    assert "takes a code from your authenticator app" in olivia.visitor.page("/account/codes")
    used = olivia.code()
    assert olivia.sign_in() == 401
    assert olivia.sign_in(used) == 401, "the code that turned them on is used up"
    olivia.site.clock.advance(seconds=LATER_S)
    spaced = f"{olivia.code()[:3]} {olivia.code()[3:]}"
    assert olivia.sign_in(spaced, password="a wrong password") == 401
    assert olivia.sign_in(spaced) == 303
    assert olivia.sign_in(spaced) == 401, "nobody who looked over her shoulder signs in"
    olivia.site.clock.advance(minutes=16)  # the wrong ones count for a quarter of an hour
    assert olivia.sign_in(olivia.code(ago_s=LATER_S)) == 401
    assert olivia.sign_in(olivia.code(ago_s=30)) == 303


def test_they_are_turned_on_by_the_password_and_a_code_and_off_by_the_password(olivia: Olivia) -> None:
    assert "password is not right" in olivia.turn_on(password="another password").text
    assert "code is not right" in olivia.turn_on(code="000000").text
    assert olivia.sign_in() == 303
    olivia.turn_on()
    assert olivia.visitor.post("/account/codes/off", password="another password").status_code == 400
    assert olivia.sign_in() == 401
    assert olivia.visitor.post("/account/codes/off", password=PASSWORD).status_code == 303
    assert olivia.sign_in() == 303


def test_the_secret_is_stored_encrypted_and_forgotten_when_the_device_is_lost(olivia: Olivia) -> None:
    olivia.turn_on()
    with olivia.site.database.writing() as db:
        user = db.get_one(User, olivia.site.people["olivia"])
        assert user.code_secret is not None
        assert olivia.secret not in user.code_secret
        forget_codes(user)
    assert olivia.sign_in() == 303


def test_wrong_codes_are_throttled_like_wrong_passwords(olivia: Olivia) -> None:
    olivia.turn_on()
    assert [olivia.sign_in("000000") for _ in range(6)] == [401] * 5 + [429]
