"""Convert imported key logs (keys, pastes, copies) for the provenance core."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from keytrail.markdown import to_text
from keytrail.models import KEYLOG, Epoch, Submission
from keytrail.provenance.keylogs.logged import KeyLog, LoggedCopy, LoggedItem, LoggedKey, LoggedPaste
from keytrail.sessions.eventlog import batches_of, events_of


def is_key_log(db: Session, submission: Submission) -> bool:
    """Return whether the submission's log has only keys, pastes and copies."""
    query = select(Epoch.id).where(Epoch.session_id == submission.session_id, Epoch.format == KEYLOG)
    return db.scalar(query.limit(1)) is not None


def key_log(db: Session, submission: Submission) -> KeyLog:
    """Return the stored entries in order. The submission's session with its item and its study must be loaded."""
    items = [
        _item(entry)
        for _epoch, batches in batches_of(db, submission.session_id)
        for batch in batches
        for entry in events_of(batch)
    ]
    return KeyLog(
        items=items,
        final_text=submission.text,
        item_text=submission.session.item.text,
        instructions=to_text(submission.study.instructions),
    )


def _item(entry: list[Any]) -> LoggedItem:
    match entry:
        case ["key", key, at_ms]:
            return LoggedKey(key, at_ms)
        case ["paste", text, at_ms]:
            return LoggedPaste(text, at_ms)
        case ["copy", text]:
            return LoggedCopy(text)
        case _:
            raise ValueError(f"not an entry of a key log: {str(entry)[:60]}")
