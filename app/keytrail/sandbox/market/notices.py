"""Notifications to the requester: recorded where a HIT type asks for them."""

from datetime import datetime

from sqlalchemy.orm import Session

from keytrail.sandbox.tables import Hit, Notice


def record_notice(db: Session, event: str, hit: Hit, at: datetime, assignment_id: str | None = None) -> None:
    """Record an event of MTurk's EventType if the HIT's type subscribes to it."""
    wanted = hit.type.notification
    if hit.type.notify and wanted is not None and event in wanted["EventTypes"]:
        db.add(
            Notice(
                event=event,
                destination=wanted["Destination"],
                hit_type_id=hit.type_id,
                hit_id=hit.id,
                assignment_id=assignment_id,
                at=at,
            )
        )
