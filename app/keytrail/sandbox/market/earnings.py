"""A worker's earnings. Recorded only; no money moves."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from keytrail.sandbox.tables import FINISHED, Assignment, AssignmentStatus, Bonus, Hit, HitType, Worker


@dataclass(frozen=True)
class Job:
    """One submitted assignment with its pay, in cents."""

    assignment: Assignment
    title: str
    reward_cents: int
    bonus_cents: int


@dataclass(frozen=True)
class Earnings:
    """Totals in cents, and the newest jobs."""

    approved_cents: int
    pending_cents: int
    bonus_cents: int
    jobs: Sequence[Job]


def earnings_of(db: Session, worker: Worker, limit: int) -> Earnings:
    """Return approved and pending rewards, bonuses, and the last `limit` jobs."""
    sums = db.execute(
        select(Assignment.status, func.sum(HitType.reward_cents))
        .join(Hit, Hit.id == Assignment.hit_id)
        .join(HitType, HitType.id == Hit.type_id)
        .where(Assignment.worker_id == worker.id)
        .group_by(Assignment.status)
    )
    by_status = dict(sums.all())
    bonus = db.scalar(select(func.sum(Bonus.cents)).where(Bonus.worker_id == worker.id))
    return Earnings(
        approved_cents=by_status.get(AssignmentStatus.APPROVED, 0),
        pending_cents=by_status.get(AssignmentStatus.SUBMITTED, 0),
        bonus_cents=bonus or 0,
        jobs=_jobs(db, worker, limit),
    )


def _jobs(db: Session, worker: Worker, limit: int) -> list[Job]:
    bonus = select(func.sum(Bonus.cents)).where(Bonus.assignment_id == Assignment.id).scalar_subquery()
    rows = db.execute(
        select(Assignment, HitType.title, HitType.reward_cents, func.coalesce(bonus, 0))
        .join(Hit, Hit.id == Assignment.hit_id)
        .join(HitType, HitType.id == Hit.type_id)
        .where(Assignment.worker_id == worker.id, Assignment.status.in_(FINISHED))
        .order_by(Assignment.submitted_at.desc(), Assignment.id)
        .limit(limit)
    )
    return [Job(*row) for row in rows]
