"""The requester's account: paid, held and available amounts."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from keytrail.sandbox.config import FeeRates
from keytrail.sandbox.market.faults import RequestFault
from keytrail.sandbox.market.money import reward_fee, to_dollars
from keytrail.sandbox.tables import TAKEN, Assignment, AssignmentStatus, Entry, Hit, HitStatus, HitType


@dataclass(frozen=True)
class Balance:
    """Cents that can still be committed, and cents that are committed to HITs and not paid yet."""

    available: int
    held: int


def balance(db: Session, now: datetime, rates: FeeRates) -> Balance:
    """Return the present balance."""
    held = _held(db, now, rates)
    booked = db.scalar(select(func.coalesce(func.sum(Entry.cents), 0))) or 0
    return Balance(available=booked - held, held=held)


def require_funds(db: Session, now: datetime, rates: FeeRates) -> None:
    """Raises InsufficientFunds if the account is overdrawn."""
    db.flush()
    left = balance(db, now, rates).available
    if left < 0:
        raise RequestFault(
            "InsufficientFunds", f"This Requester has insufficient funds: ${to_dollars(-left)} more are needed."
        )


def book(db: Session, kind: str, cents: int, reference: str | None, now: datetime) -> None:
    """Record a movement; payments are negative."""
    db.add(Entry(kind=kind, cents=cents, reference=reference, at=now))


def _held(db: Session, now: datetime, rates: FeeRates) -> int:
    """Return the amount held for open places, accepted and submitted work of all HITs, at reward and fee each."""
    per_hit = (
        select(
            Assignment.hit_id,
            func.count().filter(Assignment.status.in_(TAKEN)).label("taken"),
            func.count()
            .filter(Assignment.status.in_([AssignmentStatus.ACCEPTED, AssignmentStatus.SUBMITTED]))
            .label("unpaid"),
        )
        .group_by(Assignment.hit_id)
        .subquery()
    )
    taken, unpaid = func.coalesce(per_hit.c.taken, 0), func.coalesce(per_hit.c.unpaid, 0)
    places = func.sum(case((Hit.expires_at > now, Hit.max_assignments - taken), else_=0) + unpaid)
    rows = db.execute(
        select(HitType.reward_cents, Hit.large, places)
        .join(HitType, Hit.type_id == HitType.id)
        .outerjoin(per_hit, per_hit.c.hit_id == Hit.id)
        .where(Hit.status != HitStatus.DISPOSED)
        .group_by(HitType.reward_cents, Hit.large)
    )
    return sum(number * (reward + reward_fee(reward, large=large, rates=rates)) for reward, large, number in rows)
