"""The requester's qualification types, who holds them, and requests for them."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from keytrail.errors import Conflict, NotFound
from keytrail.sandbox.ids import new_entity_id
from keytrail.sandbox.market.faults import RequestFault
from keytrail.sandbox.market.messages import send_message
from keytrail.sandbox.tables import Qualification, QualificationRequest, QualificationType, Worker


def get_type(db: Session, type_id: str) -> QualificationType:
    """Return any type that is not deleted. Raises QualificationTypeDoesNotExist."""
    kind = db.get(QualificationType, type_id)
    if kind is None or kind.deleted_at is not None:
        raise RequestFault("QualificationTypeDoesNotExist", f"QualificationType {type_id} does not exist.")
    return kind


def get_own_type(db: Session, type_id: str) -> QualificationType:
    """Return a type that the requester may change and grant. Raises PermissionDenied for the marketplace's own."""
    kind = get_type(db, type_id)
    if kind.system:
        raise RequestFault("PermissionDenied", f"You are not the owner of QualificationType {type_id}.")
    return kind


def require_new_name(db: Session, name: str) -> None:
    """Raises QualificationTypeAlreadyExists."""
    query = select(QualificationType.id).where(QualificationType.name == name, QualificationType.deleted_at.is_(None))
    if db.scalar(query) is not None:
        raise RequestFault(
            "QualificationTypeAlreadyExists", "You have already created a QualificationType with this name."
        )


def get_worker(db: Session, worker_id: str) -> Worker:
    """Raises WorkerDoesNotExist."""
    worker = db.get(Worker, worker_id)
    if worker is None:
        raise RequestFault("WorkerDoesNotExist", f"Worker {worker_id} does not exist.")
    return worker


def grant(db: Session, kind: QualificationType, worker: Worker, value: int | None, now: datetime) -> None:
    """Grant the worker the qualification, or change its value."""
    db.merge(Qualification(type_id=kind.id, worker_id=worker.id, value=value, granted=True, granted_at=now))


def revoke(db: Session, kind: QualificationType, worker: Worker, reason: str, now: datetime) -> None:
    """Revoke the qualification and tell the worker why. Raises QualificationDoesNotExist if it is not held."""
    held = get_held(db, kind, worker.id)
    held.granted = False
    send_message(db, worker.id, f"The qualification “{kind.name}” was revoked", reason, now)


def get_held(db: Session, kind: QualificationType, worker_id: str) -> Qualification:
    """Raises QualificationDoesNotExist if it was never granted, InvalidQualificationState if it was revoked."""
    held = db.get(Qualification, (kind.id, worker_id))
    if held is None:
        raise RequestFault(
            "QualificationDoesNotExist", f"Qualification {kind.id} of Worker {worker_id} does not exist."
        )
    if not held.granted:
        raise RequestFault("InvalidQualificationState", "This operation can be called with a status of: Granted")
    return held


def delete_type(db: Session, kind: QualificationType, now: datetime) -> None:
    """Delete the type: nobody can use or request it any more, and its name is free again."""
    kind.deleted_at = now
    db.execute(
        update(QualificationRequest)
        .where(QualificationRequest.type_id == kind.id, QualificationRequest.outcome.is_(None))
        .values(outcome="Rejected")
    )


def get_open_request(db: Session, request_id: str) -> QualificationRequest:
    """Raises QualificationRequestDoesNotExist, or InvalidQualificationRequestState once it is answered."""
    request = db.get(QualificationRequest, request_id)
    if request is None:
        raise RequestFault("QualificationRequestDoesNotExist", f"QualificationRequest {request_id} does not exist.")
    if request.outcome is not None:
        raise RequestFault("InvalidQualificationRequestState", "This operation can be called with a status of: Pending")
    return request


def open_to_requests() -> list[ColumnElement[bool]]:
    """Return what a worker can request: active types of the requester's, and system types that are granted at once."""
    kind = QualificationType
    return [kind.deleted_at.is_(None), kind.active.is_(True), or_(~kind.system, kind.auto_granted)]


def ask(db: Session, type_id: str, worker: Worker, now: datetime) -> bool:
    """Request a qualification. True if it is granted at once, False if the requester will answer.

    Raises NotFound or Conflict with a message for the worker.
    """
    kind = db.scalar(select(QualificationType).where(QualificationType.id == type_id, *open_to_requests()))
    if kind is None:
        raise NotFound("There is no qualification of this id that can be asked for.")
    _require_may_ask(db, kind, worker, now)
    outcome = "Granted" if kind.auto_granted else None
    db.add(
        QualificationRequest(
            id=new_entity_id(), type_id=kind.id, worker_id=worker.id, requested_at=now, outcome=outcome
        )
    )
    if kind.auto_granted:
        grant(db, kind, worker, kind.auto_granted_value, now)
    return kind.auto_granted


def _require_may_ask(db: Session, kind: QualificationType, worker: Worker, now: datetime) -> None:
    held = db.get(Qualification, (kind.id, worker.id))
    if held is not None and held.granted:
        raise Conflict("You have this qualification already.")
    last = db.scalar(
        select(QualificationRequest)
        .where(QualificationRequest.type_id == kind.id, QualificationRequest.worker_id == worker.id)
        .order_by(QualificationRequest.requested_at.desc())
        .limit(1)
    )
    if last is None:
        return
    if last.outcome is None:
        raise Conflict("You have asked for this qualification. The requester has not answered yet.")
    if kind.retry_delay_s is None:
        raise Conflict("This qualification can be asked for once only.")
    if now < last.requested_at + timedelta(seconds=kind.retry_delay_s):
        raise Conflict("You asked for this qualification a short while ago. Please try again later.")
