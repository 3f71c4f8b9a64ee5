"""User accounts and their passwords (argon2id)."""

import re
from datetime import datetime

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from keytrail.errors import BadRequest, Conflict, NotFound
from keytrail.models import User

_HASHER = PasswordHasher()
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_MIN_PASSWORD = 10
# Checked when there is no such user, so that the answer takes as long as for one who exists.
_NOBODY = _HASHER.hash("nobody has this password")


def add_user(db: Session, email: str, name: str, password: str, now: datetime) -> User:
    """Store a new user. Raises Conflict if the address is taken, BadRequest if it or the password will not do."""
    email = email.strip().lower()
    if not _EMAIL.fullmatch(email):
        raise BadRequest(f"{email!r} is not an e-mail address.")
    if db.scalar(select(User.id).where(User.email == email)) is not None:
        raise Conflict(f"There is a user {email} already.", code="user_exists")
    user = User(email=email, name=name.strip() or email, password_hash=hash_password(password), created_at=now)
    db.add(user)
    db.flush()
    return user


def hash_password(password: str) -> str:
    """The stored form of a password. Raises BadRequest if it is too short."""
    if len(password) < _MIN_PASSWORD:
        raise BadRequest(f"A password needs at least {_MIN_PASSWORD} characters.", code="weak_password")
    return _HASHER.hash(password)


def user_by_email(db: Session, email: str) -> User:
    """The user with this address. Raises NotFound."""
    user = db.scalar(select(User).where(User.email == email.strip().lower()))
    if user is None:
        raise NotFound(f"There is no user {email}. Add one with 'keytrail user add'.")
    return user


def check_password(db: Session, email: str, password: str) -> User | None:
    """The user, if address and password belong together."""
    user = db.scalar(select(User).where(User.email == email.strip().lower()))
    try:
        _HASHER.verify(user.password_hash if user else _NOBODY, password)
    except VerificationError:
        return None
    return user
