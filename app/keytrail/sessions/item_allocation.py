"""Choose a worker's item: a worker submits at most one text about an item, and items are allocated evenly."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from keytrail.errors import NotFound
from keytrail.language import message
from keytrail.models import Item, PlatformTask, SessionState, Study, Worker, WritingSession
from keytrail.platforms.registry import phrases_of
from keytrail.sessions.confirmation import theirs
from keytrail.sessions.participation import NotEligible


def takes_a_place(now: datetime) -> ColumnElement[bool]:
    """Select sessions that hold a place: submitted ones, open ones until they expire, not returned ones."""
    return or_(
        WritingSession.state == SessionState.SUBMITTED,
        and_(WritingSession.state == SessionState.OPEN, WritingSession.expires_at > now),
    )


def published_item(db: Session, study: Study, worker: Worker, task_id: str | None) -> Item | None:
    """Return the item that was published under the platform's task id; None if the task is not from this study.

    The marketplace counts the task's places, so they are not counted here. Raises NotEligible if the worker submitted a
    text about the item before.
    """
    if task_id is None:
        return None
    item = db.scalar(
        select(Item)
        .join(PlatformTask, PlatformTask.item_id == Item.id)
        .where(PlatformTask.study_id == study.id, PlatformTask.external_id == task_id)
    )
    if item is not None:
        _require_new(db, study, worker, item)
    return item


def named_item(db: Session, study: Study, worker: Worker, key: str) -> Item:
    """Return the item with this key, for an embedding page that shows it and controls how often it is used.

    Raises NotFound if the study has no such item, NotEligible if the worker submitted a text about it before.
    """
    item = db.scalar(select(Item).where(Item.study_id == study.id, Item.key == key))
    if item is None:
        raise NotFound(f"The study '{study.slug}' has no item '{key}'.", code="unknown_item")
    _require_new(db, study, worker, item)
    return item


def _used_up(db: Session, study: Study, worker: Worker) -> ColumnElement[bool]:
    """Select sessions that use an item up for a worker: submitted and confirmed ones."""
    return and_(
        WritingSession.worker_id == worker.id, WritingSession.state == SessionState.SUBMITTED, theirs(db, study)
    )


def _require_new(db: Session, study: Study, worker: Worker, item: Item) -> None:
    had = select(WritingSession.id).where(WritingSession.item_id == item.id, _used_up(db, study, worker))
    if db.scalar(had.limit(1)) is not None:
        raise NotEligible(
            message(
                "You have already submitted a text about this item, and each person writes about an item "
                "once. %(leave)s",
                leave=phrases_of(study.platform).leave,
            ),
            code="had_before",
        )


def next_item(db: Session, study: Study, worker: Worker, now: datetime) -> Item | None:
    """Return the item with the fewest places taken that this worker has not used up; None if nothing is left.

    Items that the worker has not begun come first. The caller has locked the study's row, so that two workers cannot
    take the last place together.
    """
    taken = func.count(WritingSession.id)
    used_up = select(WritingSession.item_id).where(_used_up(db, study, worker))
    begun = select(WritingSession.item_id).where(
        WritingSession.worker_id == worker.id, WritingSession.state != SessionState.RETURNED
    )
    return db.scalar(
        select(Item)
        .outerjoin(WritingSession, and_(WritingSession.item_id == Item.id, takes_a_place(now)))
        .where(Item.study_id == study.id, Item.id.not_in(used_up))
        .group_by(Item.id)
        .having(taken < study.places_per_item)
        .order_by(case((Item.id.in_(begun), 1), else_=0), taken, Item.id)
        .limit(1)
    )
