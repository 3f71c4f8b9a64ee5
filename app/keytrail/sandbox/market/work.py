"""Workers' actions: accept, return, submit; and abandonment after the time limit."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from keytrail.errors import Conflict, Forbidden, NotFound
from keytrail.sandbox.ids import new_entity_id
from keytrail.sandbox.market.eligibility import access, eligibility_of
from keytrail.sandbox.market.notices import record_notice
from keytrail.sandbox.market.places import places_of, refresh
from keytrail.sandbox.tables import TAKEN, Assignment, AssignmentStatus, Hit, Worker


def accept(db: Session, hit: Hit, worker: Worker, now: datetime) -> Assignment:
    """Give the worker a place and the time to fill it; accepting again during work gives the same one.

    As on MTurk, the id of returned or abandoned work is given to the next worker who accepts the HIT. Raises Forbidden
    if the worker does not qualify, Conflict if the HIT is done, taken or expired.
    """
    known = _taken(db, hit, worker)
    if known is not None:
        if known.status == AssignmentStatus.ACCEPTED:
            return known
        raise Conflict("You have done this HIT already. Each worker does a HIT once.")
    eligibility = eligibility_of(db, worker)
    if eligibility.blocked:
        raise Forbidden("This requester does not let you work on their HITs.")
    if not access(hit.type.requirements, eligibility).accept:
        raise Forbidden("You do not meet the requirements of this HIT.")
    if not places_of(db, [hit], now)[hit.id].available:
        raise Conflict("All places of this HIT are taken, or its time is over. Please choose another one.")
    assignment = _given_up(db, hit) or Assignment(id=new_entity_id(), hit_id=hit.id, hit=hit)
    assignment.worker_id = worker.id
    assignment.status = AssignmentStatus.ACCEPTED
    assignment.accepted_at = now
    assignment.deadline = now + timedelta(seconds=hit.type.duration_s)
    assignment.ended_at = None
    db.add(assignment)
    record_notice(db, "AssignmentAccepted", hit, now, assignment.id)
    refresh(db, hit, now)
    return assignment


def give_back(db: Session, hit: Hit, assignment: Assignment, now: datetime) -> None:
    """Return the HIT; its place is open again. Raises Conflict if it is not in work."""
    require_in_work(assignment)
    _end(db, hit, assignment, AssignmentStatus.RETURNED, now)


def abandon(db: Session, hit: Hit, assignment: Assignment, now: datetime) -> None:
    """End the work after its time limit; the place is open again."""
    _end(db, hit, assignment, AssignmentStatus.ABANDONED, now)


def submit(db: Session, hit: Hit, assignment: Assignment, answer: str, now: datetime) -> None:
    """Submit the work, which starts the time until automatic approval. Raises Conflict if not in work."""
    require_in_work(assignment)
    assignment.status = AssignmentStatus.SUBMITTED
    assignment.submitted_at = now
    assignment.approve_at = now + timedelta(seconds=hit.type.approval_delay_s)
    assignment.answer = answer
    record_notice(db, "AssignmentSubmitted", hit, now, assignment.id)
    refresh(db, hit, now)


def own_assignment(db: Session, assignment_id: str, worker: Worker) -> Assignment:
    """Return an assignment of this worker. Raises NotFound for another worker's too."""
    assignment = db.get(Assignment, assignment_id)
    if assignment is None or assignment.worker_id != worker.id:
        raise NotFound("There is no assignment of this id among yours.")
    return assignment


def require_in_work(assignment: Assignment) -> None:
    """Raises Conflict, saying what became of the assignment, unless it is accepted and not finished."""
    reasons = {
        AssignmentStatus.RETURNED: "You returned this assignment. Nothing was changed.",
        AssignmentStatus.ABANDONED: "The time for this assignment ran out. Nothing was changed.",
    }
    if assignment.status != AssignmentStatus.ACCEPTED:
        message = "This assignment was submitted before. Nothing was changed."
        raise Conflict(reasons.get(AssignmentStatus(assignment.status), message))


def _end(db: Session, hit: Hit, assignment: Assignment, status: AssignmentStatus, now: datetime) -> None:
    assignment.status = status
    assignment.ended_at = now
    record_notice(db, f"Assignment{status}", hit, now, assignment.id)
    refresh(db, hit, now)


def _taken(db: Session, hit: Hit, worker: Worker) -> Assignment | None:
    return db.scalar(
        select(Assignment).where(
            Assignment.hit_id == hit.id, Assignment.worker_id == worker.id, Assignment.status.in_(TAKEN)
        )
    )


def _given_up(db: Session, hit: Hit) -> Assignment | None:
    """Return the assignment of this HIT that was returned or abandoned first."""
    over = (AssignmentStatus.RETURNED, AssignmentStatus.ABANDONED)
    query = select(Assignment).where(Assignment.hit_id == hit.id, Assignment.status.in_(over))
    return db.scalar(query.order_by(Assignment.ended_at, Assignment.id).limit(1))
