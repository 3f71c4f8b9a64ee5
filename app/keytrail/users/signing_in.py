"""Sign in to and out of the dashboard."""

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
    """A sign-in request, with its network address and its known-device mark."""

    email: str
    password: str
    address: str
    device: str = ""
    user_agent: str = ""
    code: str = ""


@dataclass(frozen=True)
class SignedInNow:
    """The secrets of a new sign-in: its cookie, and the known-device mark."""

    token: str
    device: str


def try_sign_in(
    database: Database, keyring: Keyring, attempt: Attempt, hours: int, now: datetime
) -> SignedInNow | None:
    """Sign in for so many hours; None if e-mail, password or (if the account has them) one-time code is wrong.

    Uses its own units of work and must not be called within one: the first counts the attempt, and nothing is held
    while the password is checked. Raises TooMany after too many attempts, Unavailable if too many wait.
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
        # The password may have changed meanwhile.
        if present is None or present.password_hash != user.password_hash:
            return None
        if not accept_code(keyring, present, attempt.code, now):
            return None
        throttle.take_back(db, limits, now)
        return sign_in_now(db, keyring, present, hours, now, user_agent=attempt.user_agent)


def sign_in_now(
    db: Session, keyring: Keyring, user: User, hours: int, now: datetime, *, user_agent: str = ""
) -> SignedInNow:
    """Sign in a browser whose user has just been authenticated."""
    return SignedInNow(start_sign_in(db, user, hours, now, user_agent), device_mark(keyring, user))


def start_sign_in(db: Session, user: User, hours: int, now: datetime, user_agent: str = "") -> str:
    """Create a sign-in and return the secret for its cookie. `user_agent` lets the user recognise the browser."""
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
    """Return the user of this cookie, unless its sign-in has expired."""
    found = db.scalar(
        select(SignIn)
        .where(SignIn.token_hash == token_hash(token), SignIn.expires_at > now)
        .options(joinedload(SignIn.user))
    )
    return found.user if found else None


def end_sign_in(db: Session, token: str) -> None:
    """Sign out a browser."""
    db.execute(delete(SignIn).where(SignIn.token_hash == token_hash(token)))


def token_hash(token: str) -> str:
    """Return the stored hash of a secret; the secret has enough entropy for a plain SHA-256."""
    return hashlib.sha256(token.encode()).hexdigest()
