"""What a returning worker finds in the answer box."""

from sqlalchemy.orm import Session

from app.models import WritingSession
from app.provenance import restore
from app.review.logs import epoch_logs


def draft_of(db: Session, session: WritingSession) -> str:
    """The text as the last page load that wrote something left it, as far as it reached us."""
    logs = [log for log in epoch_logs(db, session.id) if log.events]
    return restore(logs).text if logs else ""
