"""User accounts. Passwords arrive hashed (keytrail/users/hashing.py), because hashing must not hold a transaction."""

import re
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from keytrail.errors import BadRequest, Conflict, NotFound
from keytrail.models import User
from keytrail.users.hashing import HashedPassword
from keytrail.users.rights import Rights

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


def add_user(
    db: Session, email: str, name: str, password: HashedPassword, now: datetime, *, rights: Rights | None = None
) -> User:
    """Store a new user, without rights unless some are given. Raises Conflict and BadRequest as `check_new_email`."""
    check_new_email(db, email)
    email = _stored(email)
    given = rights or Rights()
    user = User(
        email=email,
        name=name.strip() or email,
        password_hash=password.value,
        created_at=now,
        may_create_studies=given.create_studies,
        may_spend=given.spend,
        is_operator=given.operator,
    )
    db.add(user)
    db.flush()
    return user


def check_new_email(db: Session, email: str) -> None:
    """Raises BadRequest if the address is invalid, Conflict if it has an account."""
    email = _stored(email)
    if not _EMAIL.fullmatch(email):
        raise BadRequest(f"{email!r} is not an e-mail address.")
    if db.scalar(select(User.id).where(User.email == email)) is not None:
        raise Conflict(f"There is a user {email} already.", code="user_exists")


def user_by_email(db: Session, email: str) -> User:
    """Return the user with this address. Raises NotFound."""
    user = find_user(db, email)
    if user is None:
        raise NotFound(f"There is no user {email}. Add one with 'keytrail user add'.")
    return user


def find_user(db: Session, email: str) -> User | None:
    """Return the user with this address, or None."""
    return db.scalar(select(User).where(User.email == _stored(email)))


def _stored(email: str) -> str:
    return email.strip().lower()
