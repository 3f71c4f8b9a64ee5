"""One-time codes of an authenticator app (TOTP, RFC 6238) as a second factor beside the password.

A code is good for the half minute that it was made for and the ones before and after, and once only. The secret is
stored encrypted under a key of the installation, so that a copy of the database makes no codes.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import pyotp
import segno
from cryptography.fernet import MultiFernet

from keytrail.db import Database
from keytrail.errors import BadRequest
from keytrail.keyring import Keyring
from keytrail.models import User
from keytrail.users.hashing import HashedPassword
from keytrail.users.password_confirmation import confirm_password

_STEP_S: Final = 30
_NEIGHBOURS: Final = (-1, 0, 1)
"""RFC 6238, section 5.2: one step for clocks that differ and for slow fingers."""
_PURPOSE: Final = "one-time codes"


@dataclass(frozen=True)
class CodeOffer:
    """What an authenticator app has to be told: by the picture, or by typing the secret."""

    secret: str
    picture: str


def offer_codes(user: User) -> CodeOffer:
    """A fresh secret. Nothing is stored until a code made from it was typed."""
    secret = pyotp.random_base32()
    address = pyotp.TOTP(secret).provisioning_uri(name=user.email, issuer_name="Keytrail")
    return CodeOffer(secret, segno.make(address, error="m").svg_data_uri(scale=4, light="white"))


@dataclass(frozen=True)
class TypedCode:
    """What somebody types who turns codes on: the offered secret comes back with it."""

    secret: str
    code: str
    password: str


def turn_codes_on(database: Database, keyring: Keyring, user_id: int, typed: TypedCode, now: datetime) -> None:
    """From now on signing in takes a code. Raises BadRequest if the password or the code is not right.

    Works in units of work of its own and must not be called within one: hashing takes its time.
    """
    before = _checked(database, keyring, user_id, typed.password, now)
    if not _is_secret(typed.secret) or (step := _step_of(typed.secret, typed.code, now)) is None:
        raise BadRequest(
            "This code is not right. Check that the clock of your phone is right, and type the code that it shows now.",
            code="wrong_code",
        )
    with database.writing() as db:
        user = _unchanged(db.get_one(User, user_id, with_for_update=True), before)
        user.code_secret = codes_cipher(keyring).encrypt(typed.secret.encode()).decode()
        user.code_step = step


def turn_codes_off(database: Database, keyring: Keyring, user_id: int, password: str, now: datetime) -> None:
    """From now on the password alone is enough. Raises BadRequest if it is not right."""
    before = _checked(database, keyring, user_id, password, now)
    with database.writing() as db:
        forget_codes(_unchanged(db.get_one(User, user_id, with_for_update=True), before))


def forget_codes(user: User) -> None:
    """For somebody whose device is lost; whoever runs the server has to know that it is they."""
    user.code_secret, user.code_step = None, 0


def accept_code(keyring: Keyring, user: User, code: str, now: datetime) -> bool:
    """Whether the user needs no code, or this is one that was not used before. It is used up then."""
    if user.code_secret is None:
        return True
    step = _step_of(codes_cipher(keyring).decrypt(user.code_secret.encode()).decode(), code, now)
    if step is None or step <= user.code_step:
        return False
    user.code_step = step
    return True


def _checked(database: Database, keyring: Keyring, user_id: int, password: str, now: datetime) -> HashedPassword:
    before = confirm_password(database, keyring, user_id, password, now)
    if before is None:
        raise BadRequest("The password is not right.", code="wrong_password")
    return before


def _unchanged(user: User, before: HashedPassword) -> User:
    if user.password_hash != before.value:
        raise BadRequest("The password was changed meanwhile. Try again.", code="wrong_password")
    return user


def _step_of(secret: str, code: str, now: datetime) -> int | None:
    typed = "".join(code.split())
    present = int(now.timestamp()) // _STEP_S
    totp = pyotp.TOTP(secret)
    for step in (present + neighbour for neighbour in _NEIGHBOURS):
        if hmac.compare_digest(totp.generate_otp(step).encode(), typed.encode()):
            return step
    return None


def _is_secret(secret: str) -> bool:
    return len(secret) == 32 and set(secret) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")  # noqa: PLR2004  # pyotp's length


def codes_cipher(keyring: Keyring) -> MultiFernet:
    """Return the cipher of the stored secrets."""
    return keyring.fernet(_PURPOSE)
