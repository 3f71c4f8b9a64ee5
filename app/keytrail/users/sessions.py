"""The browsers in which a user is signed in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from keytrail.models import SignIn, User
from keytrail.users.signing_in import token_hash

# Enough to tell sign-ins apart, too little to guess the stored hash, which itself is of a long random secret.
_SHORT = 12


@dataclass(frozen=True)
class SignedIn:
    """One browser. `current` is the one that asks; `id` is the beginning of the stored hash."""

    id: str
    browser: str
    since: datetime
    until: datetime
    current: bool


def sign_ins_of(db: Session, user: User, token: str, now: datetime) -> Sequence[SignedIn]:
    """Where a user is signed in, newest first; `token` is the cookie of the browser that asks."""
    found = db.scalars(
        select(SignIn).where(SignIn.user_id == user.id, SignIn.expires_at > now).order_by(SignIn.created_at.desc())
    )
    own = token_hash(token)
    return [
        SignedIn(s.token_hash[:_SHORT], browser_name(s.user_agent), s.created_at, s.expires_at, s.token_hash == own)
        for s in found
    ]


def end_sign_in_by_id(db: Session, user: User, sign_in_id: str) -> None:
    """Sign one of the user's browsers out; one that is gone already stays gone."""
    if len(sign_in_id) == _SHORT:
        db.execute(
            delete(SignIn).where(SignIn.user_id == user.id, SignIn.token_hash.startswith(sign_in_id, autoescape=True))
        )


def end_other_sign_ins(db: Session, user: User, token: str) -> None:
    """Sign the user out everywhere but in the browser that asks."""
    db.execute(delete(SignIn).where(SignIn.user_id == user.id, SignIn.token_hash != token_hash(token)))


def browser_name(user_agent: str) -> str:
    """Browser and system in two words, as far as a user agent tells them."""
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
