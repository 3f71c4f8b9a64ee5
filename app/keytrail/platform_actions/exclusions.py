"""Exclude a person from further studies of one owner, here and at the platform, and readmit them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, delete, select
from sqlalchemy.orm import Session

from keytrail.errors import BadRequest, Conflict, NotFound
from keytrail.models import (
    ActionKind,
    ActionState,
    AuditAction,
    Exclusion,
    Membership,
    PlatformAction,
    Role,
    Study,
    User,
    Worker,
    WorkerPerson,
    WritingSession,
)
from keytrail.platform_actions.exclusion_states import REQUESTS
from keytrail.platform_actions.outbox import UNSENT, Order, cancel, queue
from keytrail.platforms import Capability
from keytrail.platforms.registry import capabilities_of
from keytrail.sessions.confirmation import UNCONFIRMED, theirs
from keytrail.users.audit_log import record_action

_MOST_REASON = 500
_UNANSWERED = (*UNSENT, ActionState.SENDING)
_OPPOSITE = {ActionKind.EXCLUDE: ActionKind.READMIT, ActionKind.READMIT: ActionKind.EXCLUDE}


@dataclass(frozen=True)
class EarlierStudy:
    """Another study of the same owner in which the same person took part."""

    slug: str
    title: str
    worker: str


def exclude(db: Session, study: Study, worker: Worker, owner: User, reason: str, now: datetime) -> Exclusion:
    """Exclude a worker from the owner's further studies; at the platform too, where that is possible.

    Finished work is not affected. Raises BadRequest without a reason, NotFound if the person is not known, Conflict if
    nothing under their id is confirmed as theirs.
    """
    reason = reason.strip()[:_MOST_REASON]
    if not reason:
        raise BadRequest("Enter a reason, so that your team can look it up later.", code="reason_missing")
    known = db.get(WorkerPerson, (worker.id, owner.id))
    if known is None:
        raise NotFound("This worker cannot be excluded: the work was imported, or the worker was erased.")
    found = db.scalar(select(Exclusion).where(Exclusion.owner_id == owner.id, Exclusion.person == known.person))
    if found is not None:
        return found
    if not _has_part(db, study, worker):
        raise Conflict(UNCONFIRMED, code="unconfirmed")
    exclusion = Exclusion(
        owner_id=owner.id,
        person=known.person,
        study_id=study.id,
        reason=reason,
        created_by_id=owner.id,
        created_at=now,
    )
    db.add(exclusion)
    _ask_platform(db, study, worker, ActionKind.EXCLUDE, owner, now)
    detail = {"worker": worker.pseudonym, "reason": reason}
    record_action(db, AuditAction.EXCLUDE_WORKER, now, user_id=owner.id, study_id=study.id, detail=detail)
    db.flush()
    return exclusion


def readmit(db: Session, study: Study, worker: Worker, owner: User, now: datetime) -> PlatformAction | None:
    """Undo an exclusion. Returns the queued action that tells the platform, if any. Raises NotFound."""
    known = db.get(WorkerPerson, (worker.id, owner.id))
    if known is None or not is_excluded(db, worker, owner):
        raise NotFound("This worker is not excluded.")
    db.execute(delete(Exclusion).where(Exclusion.owner_id == owner.id, Exclusion.person == known.person))
    detail = {"worker": worker.pseudonym}
    record_action(db, AuditAction.READMIT_WORKER, now, user_id=owner.id, study_id=study.id, detail=detail)
    return _ask_platform(db, study, worker, ActionKind.READMIT, owner, now)


def readmit_person(db: Session, number: int, owner: User, now: datetime) -> PlatformAction | None:
    """Undo one of the owner's exclusions, through a study that the owner still has. Otherwise like `readmit`.

    Without such a study nobody may send to its platform, so only the exclusion here ends.
    Raises NotFound if the owner made no such exclusion.
    """
    exclusion = db.scalar(select(Exclusion).where(Exclusion.id == number, Exclusion.owner_id == owner.id))
    if exclusion is None:
        raise NotFound("This worker is not excluded.")
    row = db.execute(
        select(Study, Worker)
        .join(Worker, Worker.study_id == Study.id)
        .join(WorkerPerson, WorkerPerson.worker_id == Worker.id)
        .join(Membership, _owned_by(owner))
        .where(WorkerPerson.person == exclusion.person, WorkerPerson.owner_id == owner.id)
        .order_by(case((Study.id == exclusion.study_id, 0), else_=1), Study.id)
    ).first()
    if row is not None:
        return readmit(db, row[0], row[1], owner, now)
    db.delete(exclusion)
    record_action(db, AuditAction.READMIT_WORKER, now, user_id=owner.id, study_id=None)
    return None


def _owned_by(owner: User) -> ColumnElement[bool]:
    """Join the owner's membership to a study, if they own it now."""
    return and_(Membership.study_id == Study.id, Membership.user_id == owner.id, Membership.role == Role.OWNER)


def _has_part(db: Session, study: Study, worker: Worker) -> bool:
    own = select(WritingSession.id).where(WritingSession.worker_id == worker.id, theirs(db, study))
    return db.scalar(own.limit(1)) is not None


def _ask_platform(
    db: Session, study: Study, worker: Worker, kind: ActionKind, owner: User, now: datetime
) -> PlatformAction | None:
    """Queue the request, where the platform supports it; a waiting opposite request is cancelled instead.

    In studies that the owner has given away, a request waits for whoever owns them now.
    """
    if not capabilities_of(study.platform).can(Capability.EXCLUDE):
        return None
    persons = select(WorkerPerson.person).where(WorkerPerson.worker_id == worker.id, WorkerPerson.owner_id == owner.id)
    unsent = db.scalars(
        select(PlatformAction)
        .join(WorkerPerson, WorkerPerson.worker_id == PlatformAction.worker_id)
        .join(Study, Study.id == PlatformAction.study_id)
        .join(Membership, _owned_by(owner))
        .where(WorkerPerson.owner_id == owner.id, WorkerPerson.person.in_(persons))
        .where(PlatformAction.kind == _OPPOSITE[kind], PlatformAction.state.in_(UNSENT))
    ).all()
    for action in unsent:
        cancel(db, action, owner.id, now)
    if unsent:
        return None
    return queue(db, study, Order(kind, worker_id=worker.id), owner.id, now)


def waiting_request(db: Session, worker: Worker, kind: ActionKind) -> PlatformAction | None:
    """Return the latest request about this worker to exclude or to readmit, if it was not answered yet."""
    latest = db.scalars(
        select(PlatformAction)
        .where(PlatformAction.worker_id == worker.id, PlatformAction.kind.in_(REQUESTS))
        .order_by(PlatformAction.id.desc())
        .limit(1)
    ).first()
    return latest if latest is not None and latest.kind == kind and latest.state in _UNANSWERED else None


def is_known(db: Session, worker: Worker, owner: User) -> bool:
    """Return whether this worker is known as a person of the owner: not imported, and not erased."""
    return db.get(WorkerPerson, (worker.id, owner.id)) is not None


def is_excluded(db: Session, worker: Worker, owner: User) -> bool:
    """Return whether the owner excludes this worker."""
    query = (
        select(Exclusion.id)
        .join(WorkerPerson, (WorkerPerson.person == Exclusion.person) & (WorkerPerson.owner_id == Exclusion.owner_id))
        .where(WorkerPerson.worker_id == worker.id, Exclusion.owner_id == owner.id)
    )
    return db.scalar(query) is not None


def earlier_studies(db: Session, worker: Worker, owner: User) -> Sequence[EarlierStudy]:
    """Return the owner's other studies in which the same person took part, on the same platform.

    Security: only studies that they still own, though their list of persons spans those that they owned.
    """
    person = select(WorkerPerson.person).where(WorkerPerson.worker_id == worker.id, WorkerPerson.owner_id == owner.id)
    rows = db.execute(
        select(Study.slug, Study.title, Worker.pseudonym)
        .join(Worker, Worker.study_id == Study.id)
        .join(WorkerPerson, WorkerPerson.worker_id == Worker.id)
        .join(Membership, _owned_by(owner))
        .where(WorkerPerson.person.in_(person), WorkerPerson.owner_id == owner.id, Worker.id != worker.id)
        .where(select(WritingSession.id).where(WritingSession.worker_id == Worker.id).exists())
        .order_by(Study.id)
    )
    return [EarlierStudy(slug, title, pseudonym) for slug, title, pseudonym in rows]
