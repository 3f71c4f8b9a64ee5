"""When the age of a session begins to count."""

from datetime import datetime

from sqlalchemy import ColumnElement, or_

from keytrail.models import WritingSession


def ended_before(limit: datetime) -> ColumnElement[bool]:
    """Condition: the session ended before `limit`, or, if it never did, expired."""
    return or_(WritingSession.ended_at < limit, WritingSession.ended_at.is_(None) & (WritingSession.expires_at < limit))
