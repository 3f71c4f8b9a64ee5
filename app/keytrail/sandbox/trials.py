"""Trials in the quick frame: assignments without HITs, for viewing a task as a marketplace would show it."""

import hashlib
from datetime import datetime

from sqlalchemy.orm import Session

from keytrail.errors import Conflict
from keytrail.sandbox.frame import Visit
from keytrail.sandbox.ids import new_entity_id, new_worker_id
from keytrail.sandbox.tables import Trial


def trial_hit(slug: str) -> str:
    """Return the HIT id of all trials of one task: always the same, as on a marketplace."""
    return "3" + hashlib.sha256(slug.encode()).hexdigest()[:29].upper()


def start_trial(
    db: Session, slug: str, now: datetime, *, worker_id: str | None, assignment_id: str | None, hit_id: str | None
) -> Visit:
    """Start a trial with fresh ids where none are given; a known assignment is visited again, as from a worker's queue.

    Raises Conflict if the assignment is another worker's.
    """
    known = db.get(Trial, assignment_id) if assignment_id else None
    if known is None:
        known = Trial(
            assignment_id=assignment_id or new_entity_id(),
            slug=slug,
            worker_id=worker_id or new_worker_id(),
            hit_id=hit_id or trial_hit(slug),
            created_at=now,
        )
        db.add(known)
    elif worker_id not in {None, known.worker_id}:
        raise Conflict("This assignment belongs to another worker.")
    return Visit(hit_id=known.hit_id, assignment_id=known.assignment_id, worker_id=known.worker_id)


def submit_trial(trial: Trial, answer: str, now: datetime) -> None:
    """Store what the task's form sent. Raises Conflict the second time."""
    if trial.submitted_at is not None:
        raise Conflict("This assignment was submitted before. Nothing was changed.")
    trial.submitted_at = now
    trial.answer = answer
