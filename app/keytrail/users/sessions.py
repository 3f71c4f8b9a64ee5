"""Signed-in sessions: the browsers in which a user is signed in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from keytrail.models import SignIn, User
from keytrail.users.signing_in import token_hash

# Enough to distinguish sign-ins, too little to guess the stored hash, which itself is of a long random secret.
_SHORT = 12


@dataclass(frozen=True)
class SignedIn:
    """One browser. `current` is the requesting one; `id` is the beginning of the stored hash."""

    id: str
    browser: str
    since: datetime
    until: datetime
    current: bool


def sign_ins_of(db: Session, user: User, token: str, now: datetime) -> Sequence[SignedIn]:
    """Return a user's sign-ins, newest first; `token` is the cookie of the current browser."""
    found = db.scalars(
        select(SignIn).where(SignIn.user_id == user.id, SignIn.expires_at > now).order_by(SignIn.created_at.desc())
    )
    own = token_hash(token)
    return [
        SignedIn(s.token_hash[:_SHORT], browser_name(s.user_agent), s.created_at, s.expires_at, s.token_hash == own)
        for s in found
    ]


def end_sign_in_by_id(db: Session, user: User, sign_in_id: str) -> None:
    """Sign out one of the user's browsers; a missing one is ignored."""
    if len(sign_in_id) == _SHORT:
        db.execute(
            delete(SignIn).where(SignIn.user_id == user.id, SignIn.token_hash.startswith(sign_in_id, autoescape=True))
        )


def end_other_sign_ins(db: Session, user: User, token: str) -> None:
    """Sign the user out everywhere except in the current browser."""
    db.execute(delete(SignIn).where(SignIn.user_id == user.id, SignIn.token_hash != token_hash(token)))


def browser_name(user_agent: str) -> str:
    """Return browser and system in two words, as far as the user agent shows them."""
    browsers = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
    systems = (
        ("Android", "Android"),
        ("iPhone", "iOS"),
        ("iPad", "iPadOS"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    )
    browser = next((name for mark, name in browsers if mark in user_agent), "Another program")
    system = next((name for mark, name in systems if mark in user_agent), "")
    return f"{browser} on {system}" if system else browser
