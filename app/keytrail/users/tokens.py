"""Bearer tokens for the JSON API."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, joinedload

from keytrail.errors import BadRequest
from keytrail.models import ApiToken, User
from keytrail.users.scopes import READING, SCOPES
from keytrail.users.signing_in import token_hash

_PREFIX = "kt_"
_LONGEST_DAYS = 3650


def create_token(
    db: Session, user: User, name: str, now: datetime, *, scopes: Sequence[str] = READING, days: int | None = None
) -> str:
    """Return a new token with the user's own rights within its scopes. It is shown once; only its hash is stored.

    Without `days` it does not expire. Raises BadRequest for an invalid scope or age.
    """
    if not scopes or not set(scopes) <= set(SCOPES):
        raise BadRequest(f"A token needs at least one of these scopes: {', '.join(SCOPES)}.")
    if days is not None and not 1 <= days <= _LONGEST_DAYS:
        raise BadRequest(f"A token lasts between 1 and {_LONGEST_DAYS} days.")
    token = _PREFIX + secrets.token_urlsafe(32)
    db.add(
        ApiToken(
            token_hash=token_hash(token),
            user_id=user.id,
            name=name.strip()[:100] or "token",
            scopes=" ".join(scope for scope in SCOPES if scope in scopes),
            created_at=now,
            expires_at=None if days is None else now + timedelta(days=days),
        )
    )
    return token


def user_of_token(db: Session, token: str, now: datetime | None = None, scope: str | None = None) -> User | None:
    """Return the user of a token, unless it has expired or lacks `scope`."""
    found = db.scalar(
        select(ApiToken).where(ApiToken.token_hash == token_hash(token)).options(joinedload(ApiToken.user))
    )
    if found is None or (scope is not None and scope not in found.scopes.split()):
        return None
    expired = now is not None and found.expires_at is not None and found.expires_at <= now
    return None if expired else found.user


def tokens_of(db: Session, user: User) -> Sequence[ApiToken]:
    """Return a user's tokens, newest first."""
    return db.scalars(select(ApiToken).where(ApiToken.user_id == user.id).order_by(ApiToken.id.desc())).all()


def revoke_token(db: Session, user: User, token_id: int) -> None:
    """Revoke one of the user's tokens; a missing one is ignored."""
    db.execute(delete(ApiToken).where(ApiToken.user_id == user.id, ApiToken.id == token_id))
