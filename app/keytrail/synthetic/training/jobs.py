"""Training and scoring in the background, in a process of its own, with progress that pages can show."""

import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from keytrail.child_process import run_in_child
from keytrail.db import Database
from keytrail.errors import Conflict, DomainError
from keytrail.locks import Locks
from keytrail.models import AuditAction, JobStep, Study, TextJob, User
from keytrail.synthetic.cross_submission import compare_submissions
from keytrail.synthetic.training.classifier import train_study
from keytrail.synthetic.training.scoring import score_study
from keytrail.users.audit_log import record_action

GIVEN_UP_AFTER = timedelta(minutes=15)
"""A job that told nothing for so long is over: the server was stopped. Training takes a few minutes at most."""
_RECORDED_EVERY = timedelta(seconds=1)
UNDER_WAY = frozenset({JobStep.TRAINING, JobStep.SCORING})
"""Steps that are not an end."""

_log = logging.getLogger("keytrail")


def under_way(job: TextJob | None, now: datetime) -> bool:
    """Whether a job goes on, as far as anybody knows."""
    return job is not None and job.step in UNDER_WAY and now - job.updated_at < GIVEN_UP_AFTER


def begin_job(db: Session, study: Study, user: User, now: datetime, *, own_sessions: bool = False) -> TextJob:
    """Note that training and scoring begin. Raises Conflict while an earlier run goes on."""
    job = db.get(TextJob, study.id, with_for_update=True)
    if under_way(job, now):
        raise Conflict("Training goes on already; this page shows how far it is.", code="under_way")
    if job is None:
        job = TextJob(study_id=study.id, run=0)
        db.add(job)
    job.run += 1
    job.step, job.done, job.total, job.problem = JobStep.TRAINING, 0, 0, ""
    job.own_sessions = own_sessions
    job.started_at = job.updated_at = now
    detail = {"run": job.run}
    record_action(db, AuditAction.TRAIN_CLASSIFIER, now, user_id=user.id, study_id=study.id, detail=detail)
    db.flush()
    return job


def run_job_in_child(url: str, study_id: int, run: int, clock: Callable[[], datetime], *, own_sessions: bool) -> None:
    """Do the job in a process of its own and wait for it. `url` is the database's; `clock` a function of a module."""
    run_in_child(url, run_job, study_id, run, clock, own_sessions=own_sessions)


def begun_trainings(db: Session, begun_before: datetime) -> Sequence[int]:
    """Studies whose training began before a moment, has not ended, and is not too old to go on with."""
    query = select(TextJob.study_id).where(
        TextJob.step.in_(UNDER_WAY),
        TextJob.updated_at <= begun_before,
        TextJob.started_at > begun_before - GIVEN_UP_AFTER,
    )
    return db.scalars(query).all()


def resume_training(database: Database, study_id: int, clock: Callable[[], datetime]) -> None:
    """Begin a training anew that a killed process was at, or that was handed over; what that one writes is void.

    It is said to have failed if this process, too, ends without a word.
    """
    with database.writing() as db:
        job = db.get(TextJob, study_id, with_for_update=True)
        if job is None or job.step not in UNDER_WAY:
            return
        job.run += 1
        run, own_sessions = job.run, job.own_sessions
    url = database.engine.url.render_as_string(hide_password=False)
    run_job_in_child(url, study_id, run, clock, own_sessions=own_sessions)
    with database.reading() as db:
        job = db.get(TextJob, study_id)
        ended = job is None or job.run != run or job.step not in UNDER_WAY
    if not ended:
        problem = "Its process ended unexpectedly, as it does if the machine runs out of memory. Begin again."
        _Progress(database, study_id, run, clock).record(JobStep.FAILED, problem=problem)


def run_job(database: Database, study_id: int, run: int, clock: Callable[[], datetime], *, own_sessions: bool) -> None:
    """Compare the workers, train, then score, unless another process is at it; what fails is told in the job."""
    with Locks(database.engine).held(f"training {study_id}") as mine:
        if mine:
            _run(database, study_id, run, clock, own_sessions=own_sessions)


def _run(database: Database, study_id: int, run: int, clock: Callable[[], datetime], *, own_sessions: bool) -> None:
    progress = _Progress(database, study_id, run, clock)
    try:
        with database.reading() as db:
            slug = db.get_one(Study, study_id).slug
        compare_submissions(database, slug, clock)
        train_study(database, slug, clock, own_sessions=own_sessions)
        score_study(database, slug, clock, progress.track)
        progress.record(JobStep.DONE)
    except DomainError as error:
        progress.record(JobStep.FAILED, problem=error.message)
    except Exception:  # noqa: BLE001  # whatever it was, whoever waits has to be told
        _log.exception("training of study %s failed", study_id)
        progress.record(JobStep.FAILED, problem="Something went wrong. The server's log says what.")


class _Progress:
    """Writes how far one run is."""

    def __init__(self, database: Database, study_id: int, run: int, clock: Callable[[], datetime]) -> None:
        self._database, self._study_id, self._run, self._clock = database, study_id, run, clock
        self._counts = 0, 0

    def track(self, ids: Sequence[int]) -> Iterator[int]:
        """Each id, and once a second how many there were."""
        recorded = self._clock()
        self._record_scoring(0, len(ids))
        for number, submission_id in enumerate(ids):
            if self._clock() - recorded >= _RECORDED_EVERY:
                recorded = self._clock()
                self._record_scoring(number, len(ids))
            yield submission_id
        self._counts = len(ids), len(ids)

    def record(self, step: JobStep, *, problem: str = "") -> None:
        """Note the step, unless a later run has begun."""
        with self._database.writing() as db:
            job = db.get(TextJob, self._study_id, with_for_update=True)
            if job is not None and job.run == self._run:
                job.step, job.problem, job.updated_at = step, problem[:1000], self._clock()
                job.done, job.total = self._counts

    def _record_scoring(self, done: int, total: int) -> None:
        self._counts = done, total
        self.record(JobStep.SCORING)
