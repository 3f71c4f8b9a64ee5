"""Trials of a task in a frame as a marketplace shows it, for visitors without an account.

If the task is published, the visitor gets a place of a HIT like any worker, so that the requester can decide, pay and
exclude; else an assignment without a HIT, for viewing only.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from keytrail.errors import Conflict, Forbidden
from keytrail.sandbox.frame import Visit
from keytrail.sandbox.ids import new_entity_id, new_worker_id
from keytrail.sandbox.market.question import ExternalQuestion, parse_question
from keytrail.sandbox.market.work import accept
from keytrail.sandbox.tables import Assignment, Hit, HitStatus, Trial, Worker


def trial_hit(slug: str) -> str:
    """Return the HIT id of all trials of one task: always the same, as on a marketplace."""
    return "3" + hashlib.sha256(slug.encode()).hexdigest()[:29].upper()


@dataclass(frozen=True)
class TrialTask:
    """A task to try: its name in addresses here, and where it is."""

    slug: str
    url: str


def start_trial(
    db: Session,
    task: TrialTask,
    now: datetime,
    *,
    worker_id: str | None,
    assignment_id: str | None,
    hit_id: str | None,
) -> Visit:
    """Start a trial with fresh ids where none are given; a known assignment is visited again, as from a worker's queue.

    Raises Conflict if the assignment is another worker's.
    """
    taken = db.get(Assignment, assignment_id) if assignment_id else _place(db, task, now, worker_id)
    if taken is not None:
        _require_same(worker_id, taken.worker_id)
        return Visit(hit_id=taken.hit_id, assignment_id=taken.id, worker_id=taken.worker_id)
    known = db.get(Trial, assignment_id) if assignment_id else None
    if known is None:
        known = Trial(
            assignment_id=assignment_id or new_entity_id(),
            slug=task.slug,
            worker_id=worker_id or new_worker_id(),
            hit_id=hit_id or trial_hit(task.slug),
            created_at=now,
        )
        db.add(known)
    _require_same(worker_id, known.worker_id)
    return Visit(hit_id=known.hit_id, assignment_id=known.assignment_id, worker_id=known.worker_id)


def _require_same(worker_id: str | None, holder: str) -> None:
    if worker_id not in {None, holder}:
        raise Conflict("This assignment belongs to another worker.")


def _place(db: Session, task: TrialTask, now: datetime, worker_id: str | None) -> Assignment | None:
    """A place of an open HIT of this task; None without one, or for a worker whom nobody knows here."""
    hits = _open_hits(db, task, now)
    if not hits or (worker_id is not None and db.get(Worker, worker_id) is None):
        return None
    worker = db.get_one(Worker, worker_id) if worker_id is not None else _visitor(db, now)
    for hit in hits:
        try:
            return accept(db, hit, worker, now)
        except (Conflict, Forbidden):  # full, done before, or not for this worker
            continue
    if worker_id is None:
        db.delete(worker)
    return None


def _open_hits(db: Session, task: TrialTask, now: datetime) -> list[Hit]:
    """In no order, so that visitors spread over the items."""
    query = select(Hit).where(Hit.status == HitStatus.ASSIGNABLE, Hit.expires_at > now)
    hits = [hit for hit in db.scalars(query) if _leads_to(hit, task.url)]
    secrets.SystemRandom().shuffle(hits)
    return hits


def _leads_to(hit: Hit, url: str) -> bool:
    question = parse_question(hit.question)
    return isinstance(question, ExternalQuestion) and question.url == url


def _visitor(db: Session, now: datetime) -> Worker:
    """A worker who cannot sign in."""
    worker_id, no_password = new_worker_id(), "!"
    email = f"{worker_id.lower()}@visitor.invalid"
    worker = Worker(id=worker_id, email=email, password_hash=no_password, country="US", created_at=now)
    db.add(worker)
    db.flush()
    return worker


def submit_trial(trial: Trial, answer: str, now: datetime) -> None:
    """Store what the task's form sent. Raises Conflict the second time."""
    if trial.submitted_at is not None:
        raise Conflict("This assignment was submitted before. Nothing was changed.")
    trial.submitted_at = now
    trial.answer = answer
