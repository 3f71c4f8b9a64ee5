"""Which item a worker gets: each is handed in at most once by one worker, and all items are given out evenly."""

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
    """Submitted sessions keep their place; open ones until they expire; returned ones have none."""
    return or_(
        WritingSession.state == SessionState.SUBMITTED,
        and_(WritingSession.state == SessionState.OPEN, WritingSession.expires_at > now),
    )


def published_item(db: Session, study: Study, worker: Worker, task_id: str | None) -> Item | None:
    """The item that was published under the platform's task id; None if the task is not one of ours.

    The marketplace counts the task's places, so they are not counted again here. Raises NoWork if the worker handed in
    a text about the item before.
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
    """The item of this key, for a page of somebody else's that shows it: that page decides how often it is given out.

    Raises NotFound if the study has no such item, NoWork if the worker handed in a text about it before.
    """
    item = db.scalar(select(Item).where(Item.study_id == study.id, Item.key == key))
    if item is None:
        raise NotFound(f"The study '{study.slug}' has no item '{key}'.", code="unknown_item")
    _require_new(db, study, worker, item)
    return item


def _used_up(db: Session, study: Study, worker: Worker) -> ColumnElement[bool]:
    """Sessions that use an item up for a worker: neither what is only begun nor what is unconfirmed."""
    return and_(
        WritingSession.worker_id == worker.id, WritingSession.state == SessionState.SUBMITTED, theirs(db, study)
    )


def _require_new(db: Session, study: Study, worker: Worker, item: Item) -> None:
    had = select(WritingSession.id).where(WritingSession.item_id == item.id, _used_up(db, study, worker))
    if db.scalar(had.limit(1)) is not None:
        raise NotEligible(
            message(
                "You have handed in a text about this one before, and everybody writes about each text once. %(leave)s",
                leave=phrases_of(study.platform).leave,
            ),
            code="had_before",
        )


def next_item(db: Session, study: Study, worker: Worker, now: datetime) -> Item | None:
    """The item with the fewest places taken that this worker has not used up; None if nothing is left.

    What the worker has not begun comes first. The caller holds the study's row, so that two workers cannot take the
    last place together.
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
