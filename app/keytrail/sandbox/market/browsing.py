"""Browse the HITs that a worker can find: groups with open places, and the next HIT of a group."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session

from keytrail.sandbox.columns import Json
from keytrail.sandbox.market.eligibility import Access, Eligibility, access
from keytrail.sandbox.tables import TAKEN, Assignment, Hit, HitStatus, HitType, QualificationType, Worker

MOST_GROUPS = 500


@dataclass(frozen=True)
class Group:
    """Open HITs of one type that the worker has not done; `access` says what the worker may do with them."""

    kind: HitType
    hits: int
    last_expiry: datetime
    access: Access


def open_groups(db: Session, worker: Worker | None, eligibility: Eligibility) -> list[Group]:
    """Return the groups that this worker may see, the newest first."""
    rows = db.execute(
        select(HitType, func.count(Hit.id), func.max(Hit.expires_at, type_=Hit.expires_at.type))
        .join(Hit, Hit.type_id == HitType.id)
        .where(*_open_to(worker))
        .group_by(HitType.id)
        .order_by(func.max(Hit.created_at).desc(), HitType.id)
        .limit(MOST_GROUPS)
    )
    groups = [
        Group(kind=kind, hits=number, last_expiry=expiry, access=access(kind.requirements, eligibility))
        for kind, number, expiry in rows
    ]
    return [group for group in groups if group.access.discover]


def next_hit(db: Session, group_id: str, worker: Worker | None, after: str = "") -> Hit | None:
    """Return the next open HIT of a group that the worker has not done, in the order of ids, starting over at the end.

    The id of the HIT type is accepted as well as the group's, because requesters' programs print links with either.
    """
    named = or_(HitType.group_id == group_id, HitType.id == group_id)
    query = select(Hit).join(HitType, HitType.id == Hit.type_id).where(named, *_open_to(worker))
    query = query.order_by(Hit.id).limit(1)
    return db.scalar(query.where(Hit.id > after)) or db.scalar(query)


def type_names(db: Session, requirements: Sequence[Json]) -> dict[str, str]:
    """Return the names of the qualification types in requirements."""
    ids = {requirement["QualificationTypeId"] for requirement in requirements}
    rows = db.execute(select(QualificationType.id, QualificationType.name).where(QualificationType.id.in_(ids)))
    return dict(rows.all())


def _open_to(worker: Worker | None) -> list[ColumnElement[bool]]:
    open_now = [Hit.status == HitStatus.ASSIGNABLE]
    if worker is None:
        return open_now
    done = exists().where(Assignment.hit_id == Hit.id, Assignment.worker_id == worker.id, Assignment.status.in_(TAKEN))
    return [*open_now, ~done]
