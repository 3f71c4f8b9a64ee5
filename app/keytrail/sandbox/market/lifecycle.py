"""Advance the lifecycle: process everything that is due (abandoned work, automatic approval, expiry, disposal)."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, contains_eager

from keytrail.sandbox.config import FeeRates
from keytrail.sandbox.market.decisions import approve
from keytrail.sandbox.market.hits import dispose
from keytrail.sandbox.market.places import refresh
from keytrail.sandbox.market.work import abandon
from keytrail.sandbox.tables import Assignment, AssignmentStatus, Hit, HitStatus

DISPOSED_AFTER = timedelta(days=120)
"""How long a HIT stays reviewable before it is disposed of automatically (AWSMturkAPI, DeleteHIT)."""


def settle(db: Session, now: datetime, rates: FeeRates) -> None:
    """Do whatever is due by now. Every unit of work begins with it, so nobody sees an outdated state."""
    _abandon_late_work(db, now)
    _approve_by_default(db, now, rates)
    _expire(db, now)
    _dispose_of_old(db, now)


def _abandon_late_work(db: Session, now: datetime) -> None:
    for assignment in _due(db, AssignmentStatus.ACCEPTED, Assignment.deadline <= now):
        abandon(db, assignment.hit, assignment, now)


def _approve_by_default(db: Session, now: datetime, rates: FeeRates) -> None:
    for assignment in _due(db, AssignmentStatus.SUBMITTED, Assignment.approve_at <= now):
        approve(db, assignment.hit, assignment, rates, assignment.approve_at or now)


def _expire(db: Session, now: datetime) -> None:
    open_still = [HitStatus.ASSIGNABLE, HitStatus.UNASSIGNABLE]
    query = select(Hit).where(Hit.status.in_(open_still), Hit.expires_at <= now, Hit.expiry_noted.is_(False))
    for hit in db.scalars(query).unique().all():
        refresh(db, hit, now)


def _dispose_of_old(db: Session, now: datetime) -> None:
    done = [HitStatus.REVIEWABLE, HitStatus.REVIEWING]
    query = select(Hit).where(Hit.status.in_(done), Hit.reviewable_at <= now - DISPOSED_AFTER)
    for hit in db.scalars(query).unique().all():
        dispose(db, hit, now)


def _due(db: Session, status: AssignmentStatus, is_due: ColumnElement[bool]) -> list[Assignment]:
    query = (
        select(Assignment)
        .join(Assignment.hit)
        .options(contains_eager(Assignment.hit))
        .where(Assignment.status == status, is_due)
        .order_by(Assignment.id)
    )
    return list(db.scalars(query).unique())
