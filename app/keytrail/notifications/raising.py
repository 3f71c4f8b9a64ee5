"""Raise messages: check the conditions of each target, and put messages into the outbox.

A target gets a message when a condition begins to hold, and again only after it has ended in between.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from keytrail.db import Database
from keytrail.models import MessageKind, NotificationLatch, NotificationTarget, Study
from keytrail.notifications.outbox import put
from keytrail.platform_actions.ledger import totals
from keytrail.review.figures.progress import Progress, progress_of
from keytrail.review.figures.spending import spending_of

FEWEST_ANALYSED: Final = 20
"""The share of flagged submissions needs at least this many."""


@dataclass(frozen=True)
class StudyReadings:
    """The figures that a study's messages depend on. Money in cents; `budget` is None without one."""

    progress: Progress
    payments_waiting: int
    committed: int
    budget: int | None


def raise_due(database: Database, clock: Callable[[], datetime]) -> int:
    """Put a message into the outbox for every condition that has begun to hold. Return their number."""
    with database.reading() as db:
        wanted = select(NotificationTarget.study_id).distinct()
        studies = list(db.scalars(select(Study.id).where(Study.id.in_(wanted), Study.archived_at.is_(None))))
    raised = 0
    for study_id in studies:
        with database.writing() as db:
            raised += raise_for(db, study_id, clock())
    return raised


def raise_for(db: Session, study_id: int, now: datetime) -> int:
    """Do the same as `raise_due` for one study, in the caller's unit of work."""
    targets = db.scalars(
        select(NotificationTarget).where(NotificationTarget.study_id == study_id).with_for_update()
    ).all()
    if not targets:
        return 0
    readings = _read(db, study_id, now)
    known = select(NotificationLatch).where(NotificationLatch.target_id.in_([target.id for target in targets]))
    already_raised = {(latch.target_id, MessageKind(latch.kind)) for latch in db.scalars(known)}
    raised = 0
    for target in targets:
        holding = dict(_holding(target, readings))
        for kind in (MessageKind(event) for event in target.events):
            if kind in holding and (target.id, kind) not in already_raised:
                db.add(NotificationLatch(target_id=target.id, kind=kind))
                put(db, target, kind, holding[kind], now)
                raised += 1
            elif kind not in holding and (target.id, kind) in already_raised:
                db.execute(
                    delete(NotificationLatch).where(
                        NotificationLatch.target_id == target.id, NotificationLatch.kind == kind
                    )
                )
    return raised


def _read(db: Session, study_id: int, now: datetime) -> StudyReadings:
    money = totals(db, study_id, now)
    waiting = spending_of(db, [study_id])[study_id].waiting
    return StudyReadings(progress_of(db, [study_id])[study_id], waiting, money.committed, money.budget)


def _holding(target: NotificationTarget, readings: StudyReadings) -> Iterator[tuple[MessageKind, Mapping[str, Any]]]:
    progress = readings.progress
    if progress.places and progress.submitted >= progress.places:
        yield MessageKind.COMPLETE, {"places": progress.places, "submitted": progress.submitted}
    analysed = progress.submitted - progress.waiting
    if analysed >= FEWEST_ANALYSED and 100 * progress.flagged > target.flagged_percent * analysed:
        data = {"flagged": progress.flagged, "analysed": analysed, "percent": 100 * progress.flagged // analysed}
        yield MessageKind.FLAGGED, data
    if readings.payments_waiting:
        yield MessageKind.PAYMENTS, {"waiting": readings.payments_waiting}
    budget = readings.budget
    if budget and 100 * readings.committed >= target.budget_percent * budget:
        yield MessageKind.BUDGET, {"percent": 100 * readings.committed // budget}
