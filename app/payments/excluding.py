"""Keeping a person out of further studies of one owner, here and at the platform."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.errors import BadRequest, NotFound
from app.models import ActionKind, Exclusion, Study, User, Worker, WorkerPerson, WritingSession
from app.payments.outbox import Order, queue
from app.platforms import Ability
from app.platforms.registry import abilities_of

_MOST_REASON = 500


@dataclass(frozen=True)
class EarlierStudy:
    """Another study of the same owner in which the same person took part."""

    slug: str
    title: str
    worker: str


def exclude(db: Session, study: Study, worker: Worker, owner: User, reason: str, now: datetime) -> Exclusion:
    """Keep a worker of a study out of the owner's further studies; at the platform too, where it can be asked.

    What the worker has done stays as it is. Raises BadRequest without a reason, NotFound if the person is not known.
    """
    reason = reason.strip()[:_MOST_REASON]
    if not reason:
        raise BadRequest("Say why, so that the team can look it up later.", code="reason_missing")
    known = db.get(WorkerPerson, (worker.id, owner.id))
    if known is None:
        raise NotFound("This worker is not known as a person of yours: the work was imported, or erased.")
    found = db.scalar(select(Exclusion).where(Exclusion.owner_id == owner.id, Exclusion.person == known.person))
    if found is not None:
        return found
    exclusion = Exclusion(
        owner_id=owner.id,
        person=known.person,
        study_id=study.id,
        reason=reason,
        created_by_id=owner.id,
        created_at=now,
    )
    db.add(exclusion)
    if abilities_of(study.platform).can(Ability.EXCLUDE):
        queue(db, study, Order(ActionKind.EXCLUDE, worker_id=worker.id), owner.id, now)
    db.flush()
    return exclusion


def readmit(db: Session, study: Study, worker: Worker, owner: User, now: datetime) -> None:
    """Undo an exclusion. Raises NotFound if there is none."""
    known = db.get(WorkerPerson, (worker.id, owner.id))
    if known is None or not is_excluded(db, worker, owner):
        raise NotFound("This worker is not kept out.")
    db.execute(delete(Exclusion).where(Exclusion.owner_id == owner.id, Exclusion.person == known.person))
    if abilities_of(study.platform).can(Ability.EXCLUDE):
        queue(db, study, Order(ActionKind.READMIT, worker_id=worker.id), owner.id, now)


def is_excluded(db: Session, worker: Worker, owner: User) -> bool:
    """Whether the owner keeps this worker out."""
    query = (
        select(Exclusion.id)
        .join(WorkerPerson, (WorkerPerson.person == Exclusion.person) & (WorkerPerson.owner_id == Exclusion.owner_id))
        .where(WorkerPerson.worker_id == worker.id, Exclusion.owner_id == owner.id)
    )
    return db.scalar(query) is not None


def earlier_studies(db: Session, worker: Worker, owner: User) -> Sequence[EarlierStudy]:
    """The owner's other studies in which the same person took part, on the same platform."""
    person = select(WorkerPerson.person).where(WorkerPerson.worker_id == worker.id, WorkerPerson.owner_id == owner.id)
    rows = db.execute(
        select(Study.slug, Study.title, Worker.pseudonym)
        .join(Worker, Worker.study_id == Study.id)
        .join(WorkerPerson, WorkerPerson.worker_id == Worker.id)
        .where(WorkerPerson.person.in_(person), WorkerPerson.owner_id == owner.id, Worker.id != worker.id)
        .where(select(WritingSession.id).where(WritingSession.worker_id == Worker.id).exists())
        .order_by(Study.id)
    )
    return [EarlierStudy(slug, title, pseudonym) for slug, title, pseudonym in rows]
