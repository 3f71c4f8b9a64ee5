"""Erase a worker: list what is stored, and delete it."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, func, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from keytrail.errors import Conflict
from keytrail.keyring import Keyring
from keytrail.models import (
    ActionState,
    AuditAction,
    AuditEntry,
    CopyingExercise,
    Decision,
    Epoch,
    EventBatch,
    Exclusion,
    Membership,
    Objection,
    PlatformAction,
    PlatformAssignment,
    Role,
    SelfReport,
    Study,
    Submission,
    User,
    Worker,
    WorkerIdentity,
    WorkerPerson,
    WorkerStatement,
    WritingSession,
)
from keytrail.platform_actions.exclusions import EarlierStudy, earlier_studies
from keytrail.provenance.formatting import count
from keytrail.sessions.names import worker_pseudonym
from keytrail.users.audit_log import record_action

_UNDER_WAY = (ActionState.QUEUED, ActionState.SENDING, ActionState.UNSURE)


@dataclass(frozen=True)
class Stored:
    """Counts of a worker's stored data. `payments` are kept in the ledger, without anything that names the worker."""

    studies: int
    sessions: int
    page_loads: int
    batches: int
    events: int
    submissions: int
    self_reports: int
    copying_exercises: int
    statements: int
    objections: int
    answers_to_objections: int
    decisions: int
    exclusions: int
    payments: int

    def in_words(self) -> list[str]:
        """Return one line for each kind."""
        return [f"{getattr(self, field.name):>8,}  {field.name.replace('_', ' ')}" for field in fields(self)]


def find_worker(db: Session, name: str, keyring: Keyring, study: Study | None = None) -> list[int]:
    """Return ids of a person's records, one for each study: by the platform's own id, or by the pseudonym in one study.

    The platform's id is found even if it was erased before, because the pseudonym is derived from it.
    """
    studies = [study] if study is not None else db.scalars(select(Study)).all()
    pseudonyms = [worker_pseudonym(each, name, keyring) for each in studies]
    query = (
        select(Worker.id)
        .outerjoin(WorkerIdentity, WorkerIdentity.worker_id == Worker.id)
        .where(or_(WorkerIdentity.platform_worker_id == name, Worker.pseudonym.in_([name, *pseudonyms])))
        .order_by(Worker.id)
    )
    if study is not None:
        query = query.where(Worker.study_id == study.id)
    return list(db.scalars(query))


def stored_of(db: Session, workers: Sequence[int]) -> Stored:
    """Count what is stored of these records."""
    sessions = select(WritingSession.id).where(WritingSession.worker_id.in_(workers))
    epochs = select(Epoch.id).where(Epoch.session_id.in_(sessions))
    submissions = select(Submission.id).where(Submission.session_id.in_(sessions))
    return Stored(
        studies=_count(db, Worker.study_id.distinct(), Worker.id.in_(workers)),
        sessions=_count(db, WritingSession.id, WritingSession.worker_id.in_(workers)),
        page_loads=_count(db, Epoch.id, Epoch.session_id.in_(sessions)),
        batches=_count(db, EventBatch.first_seq, EventBatch.epoch_id.in_(epochs)),
        events=db.scalar(select(func.sum(EventBatch.count)).where(EventBatch.epoch_id.in_(epochs))) or 0,
        submissions=_count(db, Submission.id, Submission.session_id.in_(sessions)),
        self_reports=_count(db, SelfReport.submission_id, SelfReport.submission_id.in_(submissions)),
        copying_exercises=_count(db, CopyingExercise.session_id, CopyingExercise.session_id.in_(sessions)),
        statements=_count(db, WorkerStatement.submission_id, WorkerStatement.submission_id.in_(submissions)),
        objections=_count(db, Objection.submission_id, Objection.submission_id.in_(submissions)),
        answers_to_objections=_count(db, Objection.answered_at, Objection.submission_id.in_(submissions)),
        decisions=_count(db, Decision.id, Decision.submission_id.in_(submissions)),
        exclusions=_count(db, Exclusion.id, Exclusion.person.in_(_persons(workers))),
        payments=_count(db, PlatformAction.id, _actions_of(workers)),
    )


def owned_studies(db: Session, worker: Worker, owner: User) -> Sequence[EarlierStudy]:
    """The other studies that `owner` owns in which the same person took part."""
    owned = set(
        db.scalars(
            select(Study.slug)
            .join(Membership, Membership.study_id == Study.id)
            .where(Membership.user_id == owner.id, Membership.role == Role.OWNER)
        )
    )
    return [study for study in earlier_studies(db, worker, owner) if study.slug in owned]


def owned_records(db: Session, worker: Worker, owner: User) -> Sequence[int]:
    """The person's records in this study and in `owned_studies`."""
    others = {(study.slug, study.worker) for study in owned_studies(db, worker, owner)}
    rows = db.execute(
        select(Worker.id, Study.slug, Worker.pseudonym)
        .join(Study, Study.id == Worker.study_id)
        .where(Worker.pseudonym.in_([name for _, name in others]))
    )
    return [worker.id, *(number for number, slug, name in rows if (slug, name) in others)]


def erase_worker(db: Session, workers: Sequence[int], now: datetime, *, by: User | None = None) -> Stored:
    """Erase these records with everything that hangs on them. Returns what went; `by` is None for the command line.

    Amounts paid stay in the ledger, without name, text or the platform's ids; the audit log of each study records that
    somebody was erased, not who. Raises Conflict while a payment is in progress: afterwards its recipient would be
    unknown.
    """
    waiting = _count(db, PlatformAction.id, _actions_of(workers) & PlatformAction.state.in_(_UNDER_WAY))
    if waiting:
        raise Conflict(
            f"{count(waiting, 'payment action')} for this worker {'is' if waiting == 1 else 'are'} under way. Send or "
            "cancel what waits on the Payments page first."
        )
    gone = stored_of(db, workers)
    sessions = select(WritingSession.id).where(WritingSession.worker_id.in_(workers))
    named = select(WritingSession.assignment_pseudonym).where(WritingSession.worker_id.in_(workers))
    db.execute(
        update(PlatformAction)
        .where(_actions_of(workers))
        .values(reason="", parameters={}, outcome="", external_ref="")
        .execution_options(synchronize_session=False)
    )
    names = select(Worker.pseudonym).where(Worker.id.in_(workers))
    holder = PlatformAssignment.worker_pseudonym
    # The platform's status of an id that belongs to somebody else by now is about that person.
    db.execute(
        delete(PlatformAssignment).where(
            or_(PlatformAssignment.pseudonym.in_(named) & holder.is_(None), holder.in_(names)),
        )
    )
    db.execute(delete(Exclusion).where(Exclusion.person.in_(_persons(workers))))
    for study_id in db.scalars(select(Worker.study_id).where(Worker.id.in_(workers))).all():
        record_action(db, AuditAction.ERASE_WORKER, now, user_id=by.id if by else None, study_id=study_id)
    _erase_name(db, workers)
    db.execute(delete(WritingSession).where(WritingSession.id.in_(sessions)))
    db.execute(delete(Worker).where(Worker.id.in_(workers)))
    return gone


def _erase_name(db: Session, workers: Sequence[int]) -> None:
    """Remove name and reason from audit entries of exclusions; that somebody was excluded or readmitted stays."""
    named = select(Worker.pseudonym).where(Worker.id.in_(workers))
    db.execute(
        update(AuditEntry)
        .where(AuditEntry.detail["worker"].as_string().in_(named))
        .values(detail={})
        .execution_options(synchronize_session=False)
    )


def _actions_of(workers: Sequence[int]) -> ColumnElement[bool]:
    of_them = select(Submission.id).join(WritingSession).where(WritingSession.worker_id.in_(workers))
    return PlatformAction.worker_id.in_(workers) | PlatformAction.submission_id.in_(of_them)


def _persons(workers: Sequence[int]) -> Select[str]:
    return select(WorkerPerson.person).where(WorkerPerson.worker_id.in_(workers))


def _count(db: Session, column: InstrumentedAttribute[Any] | ColumnElement[Any], where: ColumnElement[bool]) -> int:
    return db.scalar(select(func.count(column)).where(where)) or 0
