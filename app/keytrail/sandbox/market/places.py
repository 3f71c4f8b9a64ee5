"""Count a HIT's places, and derive its state."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from keytrail.sandbox.market.notices import record_notice
from keytrail.sandbox.tables import TAKEN, Assignment, AssignmentStatus, Hit, HitStatus


@dataclass(frozen=True)
class Places:
    """Counts of a HIT's assignments that are open to workers, in work, awaiting a decision, and decided."""

    available: int
    pending: int
    submitted: int
    completed: int


def places_of(db: Session, hits: Sequence[Hit], now: datetime) -> dict[str, Places]:
    """Return counts by HIT id, with one query for all.

    An expired HIT has no available place (AWSMechanicalTurkRequester guide, "Retrieving HIT status").
    """
    rows = db.execute(
        select(Assignment.hit_id, Assignment.status, func.count())
        .where(Assignment.hit_id.in_([hit.id for hit in hits]), Assignment.status.in_(TAKEN))
        .group_by(Assignment.hit_id, Assignment.status)
    )
    counts = {(hit_id, status): number for hit_id, status, number in rows}
    return {hit.id: _places(hit, counts, now) for hit in hits}


def refresh(db: Session, hit: Hit, now: datetime) -> Places:
    """Update a HIT's state from its assignments and the time; every change of either ends here."""
    places = places_of(db, [hit], now)[hit.id]
    _record_expiry(db, hit, now)
    status = _status(hit, places)
    if status != hit.status:
        hit.status = status
        hit.reviewable_at = now if status == HitStatus.REVIEWABLE else None
        if status == HitStatus.REVIEWABLE:
            record_notice(db, "HITReviewable", hit, now)
    return places


def _places(hit: Hit, counts: dict[tuple[str, str], int], now: datetime) -> Places:
    def number(status: AssignmentStatus) -> int:
        return counts.get((hit.id, status), 0)

    pending, submitted = number(AssignmentStatus.ACCEPTED), number(AssignmentStatus.SUBMITTED)
    completed = number(AssignmentStatus.APPROVED) + number(AssignmentStatus.REJECTED)
    left = hit.max_assignments - pending - submitted - completed
    open_now = hit.status != HitStatus.DISPOSED and hit.expires_at > now
    return Places(available=left if open_now else 0, pending=pending, submitted=submitted, completed=completed)


def _status(hit: Hit, places: Places) -> HitStatus:
    """Return the state: Assignable while a place is open, then Unassignable until the last worker is done, then
    Reviewable.

    Reviewing lasts until the HIT is open again; Disposed is final.
    """
    if hit.status == HitStatus.DISPOSED:
        return HitStatus.DISPOSED
    if places.available:
        return HitStatus.ASSIGNABLE
    if places.pending:
        return HitStatus.UNASSIGNABLE
    return HitStatus.REVIEWING if hit.status == HitStatus.REVIEWING else HitStatus.REVIEWABLE


def _record_expiry(db: Session, hit: Hit, now: datetime) -> None:
    expired = hit.expires_at <= now
    if expired and not hit.expiry_noted:
        record_notice(db, "HITExpired", hit, hit.expires_at)
    hit.expiry_noted = expired
