"""HIT types and HITs: publish, extend, expire, dispose."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from keytrail.sandbox.columns import Json
from keytrail.sandbox.ids import new_entity_id
from keytrail.sandbox.market.faults import RequestFault, invalid
from keytrail.sandbox.market.notices import record_notice
from keytrail.sandbox.market.places import refresh
from keytrail.sandbox.tables import Assignment, AssignmentStatus, Hit, HitStatus, HitType

MAX_LIFETIME = timedelta(days=365)
LARGE_FROM = 10
"""HITs of this many assignments cost more, and smaller ones cannot grow into it (AWSMturkAPI)."""


@dataclass(frozen=True)
class HitTypeValues:
    """The values that identify a HIT type: equal values give the same type."""

    title: str
    description: str
    keywords: str
    reward_cents: int
    duration_s: int
    approval_delay_s: int
    requirements: list[Json]


@dataclass(frozen=True)
class NewHit:
    """The values of one HIT beyond its type's."""

    question: str
    max_assignments: int
    lifetime: timedelta
    annotation: str | None
    review_policy: Json | None


def register_type(db: Session, values: HitTypeValues, now: datetime) -> HitType:
    """Return the HIT type of these values; registering them again gives the same type."""
    fields = asdict(values)
    fingerprint = hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()
    known = db.scalar(select(HitType).where(HitType.fingerprint == fingerprint))
    if known is not None:
        return known
    kind = HitType(
        id=new_entity_id(), group_id=new_entity_id(), fingerprint=fingerprint, created_at=now, notify=False, **fields
    )
    db.add(kind)
    db.flush()
    return kind


def get_type(db: Session, type_id: str) -> HitType:
    """Raises HITTypeDoesNotExist."""
    kind = db.get(HitType, type_id)
    if kind is None:
        raise RequestFault("HITTypeDoesNotExist", f"HITType {type_id} does not exist.")
    return kind


def get_hit(db: Session, hit_id: str) -> Hit:
    """Return any HIT, including disposed ones. Raises HITDoesNotExist."""
    hit = db.get(Hit, hit_id)
    if hit is None:
        raise RequestFault("HITDoesNotExist", f"Hit {hit_id} does not exist.")
    return hit


def publish(db: Session, kind: HitType, new: NewHit, now: datetime) -> Hit:
    """Publish a new HIT, open to workers at once. The caller checks the account's balance."""
    hit = Hit(
        id=new_entity_id(),
        type=kind,
        type_id=kind.id,
        question=new.question,
        max_assignments=new.max_assignments,
        large=new.max_assignments >= LARGE_FROM,
        created_at=now,
        expires_at=now + new.lifetime,
        expiry_noted=False,
        annotation=new.annotation,
        status=HitStatus.ASSIGNABLE,
        review_policy=new.review_policy,
    )
    db.add(hit)
    db.flush()
    record_notice(db, "HITCreated", hit, now)
    return hit


def extend(db: Session, hit: Hit, additional: int, now: datetime) -> None:
    """Add places. Raises InvalidMaximumAssignmentsIncrease when a small HIT would become a large one."""
    require_state(hit, HitStatus.ASSIGNABLE, HitStatus.UNASSIGNABLE, HitStatus.REVIEWABLE, HitStatus.REVIEWING)
    if not hit.large and hit.max_assignments + additional >= LARGE_FROM:
        raise RequestFault(
            "InvalidMaximumAssignmentsIncrease",
            f"A HIT created with fewer than {LARGE_FROM} assignments cannot be extended to {LARGE_FROM} or more.",
        )
    hit.max_assignments += additional
    record_notice(db, "HITExtended", hit, now)
    refresh(db, hit, now)


def set_expiration(db: Session, hit: Hit, expires_at: datetime, now: datetime) -> None:
    """Set the HIT's expiry; a time in the past expires it now."""
    require_state(hit, HitStatus.ASSIGNABLE, HitStatus.UNASSIGNABLE, HitStatus.REVIEWABLE, HitStatus.REVIEWING)
    if expires_at > now + MAX_LIFETIME:
        raise invalid(f"ExpireAt must be at most {MAX_LIFETIME.days} days ahead.")
    if expires_at > hit.expires_at:
        record_notice(db, "HITExtended", hit, now)
    hit.expires_at = max(expires_at, now)
    refresh(db, hit, now)


def set_reviewing(hit: Hit, *, revert: bool) -> None:
    """Change Reviewable to Reviewing, or with `revert` the reverse; being there already is no error."""
    require_state(hit, HitStatus.REVIEWABLE, HitStatus.REVIEWING)
    hit.status = HitStatus.REVIEWABLE if revert else HitStatus.REVIEWING


def dispose(db: Session, hit: Hit, now: datetime) -> None:
    """Dispose of a HIT. Raises InvalidHITState while it is open or has undecided work."""
    require_state(hit, HitStatus.REVIEWING, HitStatus.REVIEWABLE)
    undecided = db.scalar(
        select(func.count()).where(Assignment.hit_id == hit.id, Assignment.status == AssignmentStatus.SUBMITTED)
    )
    if undecided:
        raise RequestFault(
            "InvalidHITState", f"This HIT has {undecided} submitted assignments that are neither approved nor rejected."
        )
    hit.status = HitStatus.DISPOSED
    record_notice(db, "HITDisposed", hit, now)


def require_state(hit: Hit, *allowed: HitStatus) -> None:
    """Raises InvalidHITState unless the HIT is in one of these states."""
    if hit.status not in allowed:
        raise RequestFault(
            "InvalidHITState",
            f"This HIT is currently in the state '{hit.status}'.  "
            f"This operation can be called with a status of: {', '.join(allowed)}",
        )
