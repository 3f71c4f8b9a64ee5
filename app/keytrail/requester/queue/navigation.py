"""The bar with queue navigation on a submission's page."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from keytrail.models import Role, Submission, User
from keytrail.requester.queue.filter_form import ChosenFilters
from keytrail.requester.queue.notices import decided_one
from keytrail.review.judging.claims import held_by_other
from keytrail.review.queue.queue import COUNTED, Reviewer, count_waiting
from keytrail.web.formatting import number


@dataclass(frozen=True)
class Holder:
    """Another reviewer who has claimed the submission."""

    name: str
    until: datetime


@dataclass(frozen=True)
class QueueNavigation:
    """Links to the next submission and back; `last` is the one decided before, so that it can be undone."""

    waiting: str
    next_url: str
    query: str
    last: str
    notice: str
    """What was decided there, in words."""


def queue_navigation(
    db: Session, submission: Submission, reviewer: Reviewer, role: Role, asked: tuple[str, ChosenFilters, str]
) -> QueueNavigation | None:
    """Build it for a page reached from the queue; `asked` is the address's `queue`, its filters and its `last`."""
    in_queue, chosen, last = asked
    if not in_queue or role == Role.VIEWER:
        return None
    path = f"/studies/{submission.study.slug}/queue"
    return QueueNavigation(
        waiting="filtered" if chosen.any else f"{waiting_text(db, submission.study_id, reviewer)} waiting",
        next_url=chosen.address(f"{path}/next"),
        query=chosen.query(queue="1"),
        last=last if last.isalnum() else "",
        notice=decided_one(db, submission.study_id, reviewer.user, last) if last.isalnum() else "",
    )


def waiting_text(db: Session, study_id: int, reviewer: Reviewer) -> str:
    """Say how many are in the queue, counted up to a thousand."""
    waiting = count_waiting(db, study_id, reviewer)
    return number(waiting) if waiting < COUNTED else f"{number(COUNTED)} or more"


def holder_of(db: Session, submission: Submission, user: User, now: datetime) -> Holder | None:
    """Return who else has claimed the submission."""
    until = submission.claimed_until
    if until is None or not held_by_other(submission, user, now):
        return None
    name = db.scalar(select(User.name).where(User.id == submission.claimed_by_id))
    return Holder(name or "Another reviewer", until)
