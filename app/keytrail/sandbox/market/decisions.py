"""A requester's decisions on submitted work: approve, reject, pay a bonus."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from keytrail.sandbox.config import FeeRates
from keytrail.sandbox.ids import new_entity_id
from keytrail.sandbox.market.account import book
from keytrail.sandbox.market.faults import RequestFault
from keytrail.sandbox.market.messages import send_message
from keytrail.sandbox.market.money import bonus_fee, reward_fee, to_dollars
from keytrail.sandbox.market.notices import record_notice
from keytrail.sandbox.market.places import refresh
from keytrail.sandbox.tables import FINISHED, Assignment, AssignmentStatus, Bonus, Hit, HitStatus

OVERRIDE_WINDOW = timedelta(days=30)
"""How long after its submission rejected work can still be approved (AWSMturkAPI, ApproveAssignment)."""


def get_finished(db: Session, assignment_id: str) -> Assignment:
    """Return an assignment that a requester can see. Raises AssignmentDoesNotExist, InvalidAssignmentState
    during work.
    """
    return _finished(db, assignment_id, "Reviewable,Approved,Rejected")


def get_decidable(db: Session, assignment_id: str) -> Assignment:
    """Like `get_finished`, for a decision, with MTurk's other message for work in progress."""
    return _finished(db, assignment_id, "null")


def approve(db: Session, hit: Hit, assignment: Assignment, rates: FeeRates, now: datetime) -> None:
    """Pay the reward. The caller has checked that the state allows it."""
    assignment.status = AssignmentStatus.APPROVED
    assignment.approved_at = now
    reward = hit.type.reward_cents
    book(db, "reward", -reward, assignment.id, now)
    book(db, "fee", -reward_fee(reward, large=hit.large, rates=rates), assignment.id, now)
    record_notice(db, "AssignmentApproved", hit, now, assignment.id)
    refresh(db, hit, now)


def reject(db: Session, hit: Hit, assignment: Assignment, now: datetime) -> None:
    """Pay nothing. The place stays taken. The caller has checked that the state allows it."""
    assignment.status = AssignmentStatus.REJECTED
    assignment.rejected_at = now
    record_notice(db, "AssignmentRejected", hit, now, assignment.id)
    refresh(db, hit, now)


def require_approvable(hit: Hit, assignment: Assignment, now: datetime, *, override: bool) -> None:
    """Raises InvalidAssignmentState unless the work is submitted, or rejected and to be overridden in time."""
    if assignment.status == AssignmentStatus.SUBMITTED:
        return
    if assignment.status != AssignmentStatus.REJECTED or not override:
        raise _wrong_state(AssignmentStatus.SUBMITTED)
    if hit.status == HitStatus.DISPOSED:
        raise RequestFault("InvalidHITState", "The rejection cannot be overridden because the HIT was deleted.")
    if assignment.submitted_at is None or now - assignment.submitted_at > OVERRIDE_WINDOW:
        raise RequestFault(
            "InvalidAssignmentState",
            f"The rejection can be overridden within {OVERRIDE_WINDOW.days} days of the submission only.",
        )


def require_rejectable(assignment: Assignment) -> None:
    """Raises InvalidAssignmentState unless the work awaits a decision."""
    if assignment.status != AssignmentStatus.SUBMITTED:
        raise _wrong_state(AssignmentStatus.SUBMITTED)


def give_bonus(db: Session, assignment: Assignment, cents: int, reason: str, rates: FeeRates, now: datetime) -> None:
    """Pay a bonus, even before the decision: oTree pays the bonus, then approves."""
    bonus = Bonus(
        id=new_entity_id(),
        worker_id=assignment.worker_id,
        assignment_id=assignment.id,
        cents=cents,
        reason=reason,
        granted_at=now,
    )
    db.add(bonus)
    book(db, "bonus", -cents, bonus.id, now)
    book(db, "bonus fee", -bonus_fee(cents, rates), bonus.id, now)
    send_message(db, assignment.worker_id, f"You received a bonus of ${to_dollars(cents)}", reason, now)


def _finished(db: Session, assignment_id: str, wanted: str) -> Assignment:
    assignment = db.get(Assignment, assignment_id)
    if assignment is not None and assignment.status == AssignmentStatus.ACCEPTED:
        raise _wrong_state(wanted)
    if assignment is None or assignment.status not in FINISHED:
        raise RequestFault("AssignmentDoesNotExist", f"Assignment {assignment_id} does not exist.")
    return assignment


def _wrong_state(wanted: str) -> RequestFault:
    return RequestFault("InvalidAssignmentState", f"This operation can be called with a status of: {wanted}")
