"""Bearer tokens for the JSON API."""

import secrets
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.models import ApiToken, User
from app.users.signing_in import token_hash

_PREFIX = "kt_"


def create_token(db: Session, user: User, name: str, now: datetime) -> str:
    """A new token with the user's own rights. It is shown once; only its hash is stored."""
    token = _PREFIX + secrets.token_urlsafe(32)
    db.add(ApiToken(token_hash=token_hash(token), user_id=user.id, name=name, created_at=now))
    return token


def user_of_token(db: Session, token: str) -> User | None:
    """Who a token belongs to."""
    found = db.scalar(
        select(ApiToken).where(ApiToken.token_hash == token_hash(token)).options(joinedload(ApiToken.user))
    )
    return found.user if found else None
