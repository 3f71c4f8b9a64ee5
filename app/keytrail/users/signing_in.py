"""Signing in and out of the dashboard, with a brake on guessing."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, joinedload

from keytrail.errors import TooMany
from keytrail.keyring import Keyring
from keytrail.models import SignIn, SignInAttempt, User
from keytrail.users.accounts import check_password

# Five wrong passwords in a quarter of an hour for one account, or twenty from one address (OWASP ASVS 2.2.1 asks for a
# limit of this order), and further tries wait until the oldest is forgotten.
_WINDOW = timedelta(minutes=15)
_PER_ACCOUNT = 5
_PER_ADDRESS = 20


def try_sign_in(
    db: Session, keyring: Keyring, credentials: tuple[str, str], address: str, now: datetime
) -> User | None:
    """The user, or None after noting the failed attempt. Raises TooMany after too many failures.

    `credentials` are e-mail and password, `address` is the network address that asks.
    """
    email, password = credentials
    account = keyring.pseudonym("sign-in account", email.strip().lower())
    origin = keyring.pseudonym("sign-in address", address)
    db.execute(delete(SignInAttempt).where(SignInAttempt.at <= now - _WINDOW))
    if _attempts(db, account) >= _PER_ACCOUNT or _attempts(db, origin) >= _PER_ADDRESS:
        raise TooMany("Too many attempts to sign in. Please wait a quarter of an hour.", code="throttled")
    user = check_password(db, email, password)
    if user is None:
        db.add_all([SignInAttempt(subject=account, at=now), SignInAttempt(subject=origin, at=now)])
    else:
        db.execute(delete(SignInAttempt).where(SignInAttempt.subject == account))
    return user


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


def _attempts(db: Session, subject: str) -> int:
    found = db.scalar(select(func.count(SignInAttempt.id)).where(SignInAttempt.subject == subject))
    return found or 0
