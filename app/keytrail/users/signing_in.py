"""Signing in and out of the dashboard."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, joinedload

from keytrail.db import Database
from keytrail.keyring import Keyring
from keytrail.models import SignIn, User
from keytrail.users import throttle
from keytrail.users.accounts import find_user
from keytrail.users.devices import device_mark, known_device
from keytrail.users.hashing import HashedPassword, is_right
from keytrail.users.one_time_codes import accept_code


@dataclass(frozen=True)
class Attempt:
    """What somebody sends to sign in: from which network address, and with which mark of a known device."""

    email: str
    password: str
    address: str
    device: str = ""
    user_agent: str = ""
    code: str = ""


@dataclass(frozen=True)
class SignedInNow:
    """The secrets of a sign-in that has just begun: its cookie, and the mark of a known device."""

    token: str
    device: str


def try_sign_in(
    database: Database, keyring: Keyring, attempt: Attempt, hours: int, now: datetime
) -> SignedInNow | None:
    """Sign in for so many hours; None if e-mail, password or, where the account has them, one-time code are not right.

    Works in units of work of its own and must not be called within one: the try is counted in the first, and nothing is
    held while the password is looked at. Raises TooMany after too many tries, Unavailable if too many wait.
    """
    with database.reading() as db:
        user = find_user(db, attempt.email)
        device = known_device(keyring, user, attempt.device)
        limits = throttle.limits_for(keyring, attempt.email, attempt.address, device)
        throttle.check(db, limits, now)

    def counted() -> None:
        with database.writing() as db:
            throttle.count(db, limits, now)

    right = is_right(attempt.password, HashedPassword(user.password_hash) if user else None, counted)
    if user is None or not right:
        return None
    with database.writing() as db:
        present = db.get(User, user.id, with_for_update=True)
        # The password may have been changed meanwhile.
        if present is None or present.password_hash != user.password_hash:
            return None
        if not accept_code(keyring, present, attempt.code, now):
            return None
        throttle.take_back(db, limits, now)
        return sign_in_now(db, keyring, present, hours, now, user_agent=attempt.user_agent)


def sign_in_now(
    db: Session, keyring: Keyring, user: User, hours: int, now: datetime, *, user_agent: str = ""
) -> SignedInNow:
    """Sign in a browser whose user has just proved to be the right one."""
    return SignedInNow(start_sign_in(db, user, hours, now, user_agent), device_mark(keyring, user))


def start_sign_in(db: Session, user: User, hours: int, now: datetime, user_agent: str = "") -> str:
    """Sign a browser in; returns the secret for its cookie. `user_agent` lets the user tell browsers apart."""
    db.execute(delete(SignIn).where(SignIn.expires_at <= now))
    token = secrets.token_urlsafe(32)
    db.add(
        SignIn(
            token_hash=token_hash(token),
            user_id=user.id,
            created_at=now,
            expires_at=now + timedelta(hours=hours),
            user_agent=user_agent[:200],
        )
    )
    return token


def signed_in_user(db: Session, token: str, now: datetime) -> User | None:
    """Whose browser this cookie belongs to, if its sign-in has not expired."""
    found = db.scalar(
        select(SignIn)
        .where(SignIn.token_hash == token_hash(token), SignIn.expires_at > now)
        .options(joinedload(SignIn.user))
    )
    return found.user if found else None


def end_sign_in(db: Session, token: str) -> None:
    """Sign a browser out."""
    db.execute(delete(SignIn).where(SignIn.token_hash == token_hash(token)))


def token_hash(token: str) -> str:
    """What is stored of a secret; it has enough entropy that a plain SHA-256 keeps it secret."""
    return hashlib.sha256(token.encode()).hexdigest()
