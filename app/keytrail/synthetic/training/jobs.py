"""Jobs that generate references, train and score in a child process, with progress for pages."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from keytrail.child_process import run_in_child
from keytrail.db import Database
from keytrail.errors import Conflict, DomainError
from keytrail.locks import Locks
from keytrail.models import AuditAction, JobKind, JobStep, Study, TextJob, User
from keytrail.studies import present_study
from keytrail.synthetic.cross_submission import compare_submissions
from keytrail.synthetic.generation.client import ChatClient
from keytrail.synthetic.generation.references import Wanted, generate_references
from keytrail.synthetic.training.classifier import train_study
from keytrail.synthetic.training.scoring import score_study
from keytrail.users.audit_log import record_action

GIVEN_UP_AFTER = timedelta(minutes=15)
"""A job without progress for this long was abandoned: the server was stopped. Training takes a few minutes at most."""
_RECORDED_EVERY = timedelta(seconds=1)
UNDER_WAY = frozenset({JobStep.GENERATING, JobStep.TRAINING, JobStep.SCORING})
"""Steps that are not an end."""
_FIRST_STEP: Mapping[JobKind, JobStep] = {
    JobKind.REFERENCES: JobStep.GENERATING,
    JobKind.TRAINING: JobStep.TRAINING,
    JobKind.SCORING: JobStep.SCORING,
}
_Piece = TypeVar("_Piece")

_log = logging.getLogger("keytrail")


def under_way(job: TextJob | None, now: datetime) -> bool:
    """Return whether a job is running, as far as is known."""
    return job is not None and job.step in UNDER_WAY and now - job.updated_at < GIVEN_UP_AFTER


@dataclass(frozen=True)
class ReferenceOrder:
    """Which texts to ask for, and where."""

    wanted: Wanted
    url: str
    key: str = field(repr=False)
    per_minute: float = 60


@dataclass(frozen=True)
class JobPlan:
    """What a job does. `own_sessions` is for training, `order` for references."""

    kind: JobKind
    own_sessions: bool = False
    order: ReferenceOrder | None = None


def begin_job(
    db: Session, study: Study, user: User, kind: JobKind, now: datetime, *, own_sessions: bool = False
) -> TextJob:
    """Note that a job begins. Raises Conflict while an earlier one goes on."""
    job = db.get(TextJob, study.id, with_for_update=True)
    if under_way(job, now):
        raise Conflict("A job is already running; this page shows its progress.", code="under_way")
    if job is None:
        job = TextJob(study_id=study.id, run=0)
        db.add(job)
    job.run += 1
    job.kind, job.step, job.done, job.total, job.problem = kind, _FIRST_STEP[kind], 0, 0, ""
    job.own_sessions = own_sessions
    job.started_at = job.updated_at = now
    detail = {"run": job.run, "kind": str(kind)}
    record_action(db, AuditAction.TRAIN_CLASSIFIER, now, user_id=user.id, study_id=study.id, detail=detail)
    db.flush()
    return job


def stop_job(db: Session, study: Study, now: datetime) -> None:
    """End what goes on: it stops before its next text. What it made so far stays."""
    job = db.get(TextJob, study.id, with_for_update=True)
    if job is not None and under_way(job, now):
        job.run += 1
        job.step, job.problem, job.updated_at = JobStep.FAILED, "It was stopped. What was done so far is kept.", now


def run_job_in_child(url: str, study_id: int, run: int, clock: Callable[[], datetime], plan: JobPlan) -> None:
    """Do the job in a process of its own and wait for it. `url` is the database's; `clock` a function of a module."""
    run_in_child(url, run_job, study_id, run, clock, plan)


def begun_jobs(db: Session, begun_before: datetime) -> Sequence[int]:
    """Return studies whose job began before a moment, has not ended, and is not too old to go on with.

    Asking for references is left out: its key is not stored, and it can be started again by hand.
    """
    query = select(TextJob.study_id).where(
        TextJob.kind != JobKind.REFERENCES,
        TextJob.step.in_(UNDER_WAY),
        TextJob.updated_at <= begun_before,
        TextJob.started_at > begun_before - GIVEN_UP_AFTER,
    )
    return db.scalars(query).all()


def resume_job(database: Database, study_id: int, clock: Callable[[], datetime]) -> None:
    """Start a job again that a killed process was running, or that was handed over; what that one writes is void.

    It is recorded as failed if this process, too, ends without a word.
    """
    with database.writing() as db:
        job = db.get(TextJob, study_id, with_for_update=True)
        if job is None or job.step not in UNDER_WAY:
            return
        job.run += 1
        run, plan = job.run, JobPlan(JobKind(job.kind), own_sessions=job.own_sessions)
    url = database.engine.url.render_as_string(hide_password=False)
    run_job_in_child(url, study_id, run, clock, plan)
    with database.reading() as db:
        job = db.get(TextJob, study_id)
        ended = job is None or job.run != run or job.step not in UNDER_WAY
    if not ended:
        problem = "Its process ended unexpectedly, as it does if the machine runs out of memory. Start it again."
        _Progress(database, study_id, run, clock).record(JobStep.FAILED, problem=problem)


def run_job(database: Database, study_id: int, run: int, clock: Callable[[], datetime], plan: JobPlan) -> None:
    """Do what the plan says, unless another process is doing it; what fails is told in the job."""
    with Locks(database.engine).held(f"training {study_id}") as mine:
        if mine:
            _run(database, study_id, run, clock, plan)


def _run(database: Database, study_id: int, run: int, clock: Callable[[], datetime], plan: JobPlan) -> None:
    progress = _Progress(database, study_id, run, clock)
    try:
        # Its address is looked up for each step: meanwhile it may be another study's.
        if plan.order is not None:
            _generate(database, _address(database, study_id), plan.order, clock, progress)
        if plan.kind == JobKind.TRAINING:
            compare_submissions(database, _address(database, study_id), clock)
            train_study(database, _address(database, study_id), clock, own_sessions=plan.own_sessions)
        if plan.kind != JobKind.REFERENCES:
            again, track = plan.kind == JobKind.TRAINING, partial(progress.track, JobStep.SCORING)
            score_study(database, _address(database, study_id), clock, track, again=again)
        progress.record(JobStep.DONE)
    except DomainError as error:
        progress.record(JobStep.FAILED, problem=error.message)
    except Exception:  # noqa: BLE001  # the waiting caller must get any error
        _log.exception("job of study %s failed", study_id)
        progress.record(JobStep.FAILED, problem="Something went wrong. The server's log has the details.")


def _address(database: Database, study_id: int) -> str:
    with database.reading() as db:
        return present_study(db, study_id).slug


def _generate(
    database: Database, slug: str, order: ReferenceOrder, clock: Callable[[], datetime], progress: "_Progress"
) -> None:
    with ChatClient(order.url, order.key, per_minute=order.per_minute) as client:
        track = partial(progress.track, JobStep.GENERATING)
        done = generate_references(database, slug, order.wanted, client, clock, track)
    if done.left:
        progress.count(done.made, done.made + done.left)


class _Progress:
    """Record the progress of one run."""

    def __init__(self, database: Database, study_id: int, run: int, clock: Callable[[], datetime]) -> None:
        self._database, self._study_id, self._run, self._clock = database, study_id, run, clock
        self._counts = 0, 0

    def track(self, step: JobStep, pieces: Sequence[_Piece]) -> Iterator[_Piece]:
        """Each piece, and once a second how many there were; ends early if the job was stopped."""
        recorded = self._clock()
        self.count(0, len(pieces))
        if not self.record(step):
            return
        for number, piece in enumerate(pieces):
            if self._clock() - recorded >= _RECORDED_EVERY:
                recorded = self._clock()
                self.count(number, len(pieces))
                if not self.record(step):
                    return
            yield piece
        self.count(len(pieces), len(pieces))

    def count(self, done: int, total: int) -> None:
        """Remember how many of how many, for the next record."""
        self._counts = done, total

    def record(self, step: JobStep, *, problem: str = "") -> bool:
        """Note the step, unless a later run has begun or this one was stopped; whether it goes on."""
        with self._database.writing() as db:
            job = db.get(TextJob, self._study_id, with_for_update=True)
            if job is None or job.run != self._run:
                return False
            job.step, job.problem, job.updated_at = step, problem[:1000], self._clock()
            job.done, job.total = self._counts
            return True
