"""Taking in what platforms push."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from keytrail.keyring import Keyring
from keytrail.models import PlatformEvent, Study
from keytrail.platform_actions.assignments import PlatformStatus, record_platform_status

SUBMISSION_CHANGED = "submission.status.change"
_LONGEST_KIND = 64


@dataclass(frozen=True)
class PlatformMessage:
    """A verified message: the platform's id of the event, and its body."""

    event_id: str
    body: dict[str, Any]


def take_message(db: Session, study: Study, message: PlatformMessage, keyring: Keyring, now: datetime) -> bool:
    """Act on a message once; False if it was here before. What is of no interest is kept and not acted on."""
    db.execute(select(Study.id).where(Study.id == study.id).with_for_update())
    if db.get(PlatformEvent, (study.id, message.event_id)) is not None:
        return False
    kind = str(message.body.get("event_type", ""))[:_LONGEST_KIND]
    db.add(PlatformEvent(study_id=study.id, event_id=message.event_id, kind=kind, received_at=now))
    assignment_id, status = message.body.get("resource_id"), message.body.get("status")
    if kind == SUBMISSION_CHANGED and isinstance(assignment_id, str) and isinstance(status, str):
        participant = message.body.get("participant_id")
        worker_id = participant if isinstance(participant, str) else ""
        record_platform_status(db, study, PlatformStatus(assignment_id, status, worker_id=worker_id), keyring, now)
    db.flush()
    return True
