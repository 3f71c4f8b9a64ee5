"""Published tasks, with the marketplace's state of each."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from keytrail.errors import NotFound
from keytrail.models import PlatformAction, PlatformTask, Study
from keytrail.platforms.fees import mturk_reward_fee


def store_hit(db: Session, action: PlatformAction, hit: Mapping[str, Any], now: datetime) -> PlatformTask:
    """Store a HIT that was published or changed by an action."""
    task = db.scalar(
        select(PlatformTask).where(
            PlatformTask.study_id == action.study_id, PlatformTask.external_id == str(hit["HITId"])
        )
    )
    if task is None:
        study = db.get_one(Study, action.study_id)
        places = int(hit["MaxAssignments"])
        task = PlatformTask(
            study_id=action.study_id,
            item_id=action.item_id,
            external_id=str(hit["HITId"]),
            group_id=str(hit.get("HITGroupId", "")),
            place_cents=study.reward_cents + mturk_reward_fee(study.reward_cents, places),
            published_at=now,
        )
        db.add(task)
    refresh_task(task, hit, now)
    db.flush()
    return task


def refresh_task(task: PlatformTask, hit: Mapping[str, Any], now: datetime, handed_in: int | None = None) -> None:
    """Update a task to the marketplace's state; `handed_in` is the number of assignments listed, where requested."""
    task.status = str(hit["HITStatus"])
    task.places = int(hit["MaxAssignments"])
    task.available = int(hit.get("NumberOfAssignmentsAvailable", 0))
    task.pending = int(hit.get("NumberOfAssignmentsPending", 0))
    expires: datetime = hit["Expiration"]
    task.expires_at = expires.astimezone(UTC)
    if handed_in is None:
        # MTurk counts decided work as completed, and reports no places once a HIT has expired. Until the next
        # comparison the maximum that may have been submitted counts.
        decided = int(hit.get("NumberOfAssignmentsCompleted", 0))
        taken = task.places - task.available - task.pending if task.expires_at > now else decided
        handed_in = max(task.completed or 0, decided, taken)
    task.completed = handed_in
    task.synced_at = now


def tasks_of(db: Session, study_id: int) -> Sequence[PlatformTask]:
    """Return a study's published tasks with their items, in the order of publishing."""
    return list(
        db.scalars(
            select(PlatformTask)
            .where(PlatformTask.study_id == study_id)
            .options(joinedload(PlatformTask.item))
            .order_by(PlatformTask.id)
        )
    )


def task_by_hit(db: Session, study_id: int, hit_id: str) -> PlatformTask:
    """Return the task with this HIT. Raises NotFound."""
    task = db.scalar(select(PlatformTask).where(PlatformTask.study_id == study_id, PlatformTask.external_id == hit_id))
    if task is None:
        raise NotFound(f"No HIT {hit_id!r} was published for this study.")
    return task
