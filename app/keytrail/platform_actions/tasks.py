"""Published tasks, with the marketplace's state of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from keytrail.errors import NotFound
from keytrail.models import PlatformAction, PlatformTask, Study
from keytrail.platforms.fees import mturk_reward_fee
from keytrail.platforms.statuses import AssignmentStage, assignment_statuses


@dataclass(frozen=True)
class TaskReport:
    """What a platform says of a study or project that is there for all items; `total_cents` with fees, if it says."""

    external_id: str
    status: str
    places: int
    taken: int = 0
    total_cents: int | None = None


def store_task(db: Session, study: Study, report: TaskReport, now: datetime) -> PlatformTask:
    """Store a study or project that was created or changed at the platform; the platform's name for it is the study's
    own from then on, so that links of others are refused.
    """
    task = db.scalar(
        select(PlatformTask).where(PlatformTask.study_id == study.id, PlatformTask.external_id == report.external_id)
    )
    if task is None:
        task = PlatformTask(
            study_id=study.id,
            item_id=None,
            external_id=report.external_id,
            place_cents=study.reward_cents,
            expires_at=None,
            published_at=now,
            completed=0,
            pending=0,
            places=report.places,
        )
        db.add(task)
    if report.places != task.places:
        task.quoted_cents = None
    task.status, task.places, task.synced_at = report.status, report.places, now
    # A comparison tells what is taken and what of it is submitted; until then all of it counts as submitted.
    task.completed = max(report.taken - task.pending, task.completed)
    task.available = max(report.places - task.pending - task.completed, 0)
    if report.total_cents is not None:
        task.quoted_cents = report.total_cents
        task.place_cents = -(-report.total_cents // report.places)
    study.platform_options = {**study.platform_options, "study_id": report.external_id}
    db.flush()
    return task


# Work that is paid, or will be unless a person says otherwise; and work that goes on.
_TO_BE_PAID = assignment_statuses(AssignmentStage.SUBMITTED, AssignmentStage.APPROVED)
_GOING_ON = assignment_statuses(AssignmentStage.RESERVED, AssignmentStage.WORKING)


def refresh_whole(task: PlatformTask, report: TaskReport, statuses: Sequence[str], now: datetime) -> None:
    """Bring a study or project to what the platform says of it and of everything that was submitted."""
    task.status, task.places, task.synced_at = report.status, report.places, now
    task.completed = sum(status in _TO_BE_PAID for status in statuses)
    task.pending = sum(status in _GOING_ON for status in statuses)
    task.available = max(task.places - task.pending - task.completed, 0)


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
    ends_at = expires.astimezone(UTC)
    task.expires_at = ends_at
    if handed_in is None:
        # MTurk counts decided work as completed, and reports no places once a HIT has expired. Until the next
        # comparison the maximum that may have been submitted counts.
        decided = int(hit.get("NumberOfAssignmentsCompleted", 0))
        taken = task.places - task.available - task.pending if ends_at > now else decided
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
    """The task with this HIT, or with this study or project. Raises NotFound."""
    task = db.scalar(select(PlatformTask).where(PlatformTask.study_id == study_id, PlatformTask.external_id == hit_id))
    if task is None:
        raise NotFound("This task was not published for this study. Choose one that the Platform page lists.")
    return task


def cost_of(task: PlatformTask) -> int:
    """What all places of a task cost, in cents with fees; up to a cent a place too much where nobody said."""
    return task.place_cents * task.places if task.quoted_cents is None else task.quoted_cents


def newest_task(db: Session, study_id: int) -> PlatformTask | None:
    """The study's newest task; the only one where it is for all items."""
    query = select(PlatformTask).where(PlatformTask.study_id == study_id).order_by(PlatformTask.id.desc())
    return db.scalars(query.limit(1)).first()
