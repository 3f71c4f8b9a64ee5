"""Workers' accounts: sign up, sign in, stay signed in."""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from keytrail.errors import BadRequest, Conflict, TooMany, Unauthorized
from keytrail.sandbox.ids import new_worker_id
from keytrail.sandbox.tables import FailedSignIn, SignIn, Worker

STAY = timedelta(days=14)
SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200
FAILURES_WINDOW = timedelta(minutes=15)
FAILURES_ALLOWED = 10

_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,189}")
_COUNTRY = re.compile(r"[A-Z]{2}")
_SUBDIVISION = re.compile(r"[A-Z0-9]{0,3}")
_HASHER = PasswordHasher()
_NOBODY = _HASHER.hash("nobody's password, so that an unknown address takes as long as a wrong password")


@dataclass(frozen=True)
class Application:
    """A sign-up form; the country is an ISO 3166 code, the subdivision too (US-CA: "CA")."""

    email: str
    password: str
    country: str
    subdivision: str


def checked(application: Application) -> Application:
    """Return it in normal form. Raises BadRequest with a message for the form."""
    email = application.email.strip().lower()
    country, subdivision = application.country.strip().upper(), application.subdivision.strip().upper()
    if not _EMAIL.fullmatch(email):
        raise BadRequest("Please give an e-mail address.")
    if not SHORTEST_PASSWORD <= len(application.password) <= LONGEST_PASSWORD:
        raise BadRequest(f"Please choose a password of {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters.")
    if not _COUNTRY.fullmatch(country):
        raise BadRequest("Please give your country as a code of two letters, such as DE or US.")
    if not _SUBDIVISION.fullmatch(subdivision):
        raise BadRequest("Please give the state as a short code, such as CA, or leave it empty.")
    return Application(email=email, password=application.password, country=country, subdivision=subdivision)


def hash_password(password: str) -> str:
    """Hash with argon2id and the library's defaults. Slow on purpose: call it outside a unit of work."""
    return _HASHER.hash(password)


def matches(password_hash: str | None, password: str) -> bool:
    """Return whether the password is right; takes equally long for an unknown worker. Slow on purpose, as above."""
    try:
        return _HASHER.verify(password_hash or _NOBODY, password) and password_hash is not None
    except (VerifyMismatchError, InvalidHashError):
        return False


def sign_up(db: Session, application: Application, password_hash: str, now: datetime) -> Worker:
    """Add a worker. Raises Conflict if the e-mail address is known."""
    if worker_by_email(db, application.email) is not None:
        raise Conflict("There is a worker with this e-mail address. Please sign in.")
    worker = Worker(
        id=new_worker_id(),
        email=application.email,
        password_hash=password_hash,
        country=application.country,
        subdivision=application.subdivision,
        created_at=now,
    )
    db.add(worker)
    db.flush()
    return worker


def worker_by_email(db: Session, email: str) -> Worker | None:
    """Return the worker with this e-mail address, ignoring case."""
    return db.scalar(select(Worker).where(Worker.email == email.strip().lower()))


def require_patience(db: Session, email: str, now: datetime) -> None:
    """Raises TooMany after too many wrong passwords for one e-mail address in a short time."""
    recent = select(func.count()).where(
        FailedSignIn.email_hash == _hash(email.strip().lower()), FailedSignIn.at > now - FAILURES_WINDOW
    )
    if (db.scalar(recent) or 0) >= FAILURES_ALLOWED:
        raise TooMany("Too many wrong passwords for this address. Please wait a quarter of an hour.")


def record_failure(db: Session, email: str, now: datetime) -> None:
    """Count a wrong password; delete expired counts."""
    db.execute(delete(FailedSignIn).where(FailedSignIn.at <= now - FAILURES_WINDOW))
    db.add(FailedSignIn(email_hash=_hash(email.strip().lower()), at=now))


def open_session(db: Session, worker: Worker, now: datetime) -> str:
    """Return a new token for the worker's browser; old sessions are deleted."""
    db.execute(delete(SignIn).where(SignIn.expires_at <= now))
    token = secrets.token_urlsafe(32)
    db.add(SignIn(token_hash=_hash(token), worker_id=worker.id, expires_at=now + STAY))
    return token


def close_session(db: Session, token: str) -> None:
    """Revoke the token."""
    db.execute(delete(SignIn).where(SignIn.token_hash == _hash(token)))


def worker_of_session(db: Session, token: str | None, now: datetime) -> Worker | None:
    """Return the worker of this token, if it is valid."""
    if token is None:
        return None
    query = select(Worker).join(SignIn, SignIn.worker_id == Worker.id)
    return db.scalar(query.where(SignIn.token_hash == _hash(token), SignIn.expires_at > now))


class SignInNeeded(Unauthorized):
    """The page is for signed-in workers only."""


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
