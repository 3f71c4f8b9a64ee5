"""Export whole sessions with their logs in the format of `keytrail import wire`. Key timing is biometric."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy.orm import Session

from keytrail.exports.reading import submissions
from keytrail.exports.selection import Selection
from keytrail.models import WIRE_1, WorkerStatement
from keytrail.sessions.eventlog import batches_of, events_of


def sessions_in_wire(db: Session, selection: Selection) -> Iterator[dict[str, Any]]:
    """Yield one object per session (docs/wire-format.md, "Whole sessions"); logs of keys only are left out."""
    for submission in submissions(db, selection):
        epochs = [(epoch, batches) for epoch, batches in batches_of(db, submission.session_id)]
        if any(epoch.format != WIRE_1 for epoch, _ in epochs):
            continue
        # The page load that submitted comes last.
        epochs.sort(key=lambda pair: pair[0].number == submission.epoch_number)
        yield {
            "v": 1,
            "session": submission.public_id,
            "worker": submission.session.worker.pseudonym,
            "item_id": submission.session.item.key,
            "item": submission.session.item.text,
            "text": submission.text,
            "label": submission.label,
            "masked": submission.session.masked_at is not None,
            "condition": submission.session.condition,
            "page_rules": submission.session.page_rules,
            "input_aids": "Yes"
            if (statement := db.get(WorkerStatement, submission.id)) and statement.input_aids
            else None,
            "submitted_at": submission.submitted_at.isoformat(),
            "epochs": [{"events": [event for batch in batches for event in events_of(batch)]} for _, batches in epochs],
        }
