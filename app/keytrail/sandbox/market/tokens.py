"""Tokens of requests (UniqueRequestToken): the same request sent twice is performed once."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from keytrail.sandbox.market.faults import RequestFault
from keytrail.sandbox.tables import RequestToken

LIFETIME = timedelta(hours=24)
"""Source: AWSMturkAPI, CreateHIT: "The unique token expires after 24 hours"."""


def earlier_result(db: Session, scope: str, token: str | None, now: datetime) -> str | None:
    """Return the token's result, if it was used less than 24 hours ago."""
    used = db.get(RequestToken, (scope, token)) if token else None
    return used.result if used is not None and now - used.used_at < LIFETIME else None


def remember(db: Session, scope: str, token: str | None, result: str, now: datetime) -> None:
    """Store the token with its result: the HIT's id, or the id of the request."""
    if token:
        db.merge(RequestToken(scope=scope, token=token, result=result, used_at=now))


def refuse_repeat(db: Session, scope: str, token: str | None, now: datetime) -> None:
    """Raises DuplicateRequest, with the message on which clients match, if the token was used in this scope."""
    if earlier_result(db, scope, token, now) is not None:
        raise RequestFault("DuplicateRequest", f'The idempotency token "{token}" has already been processed.')
