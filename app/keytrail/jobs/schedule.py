"""The schedule: each periodic job runs once at a time over all processes, and again soon if it failed."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from keytrail.db import Database
from keytrail.errors import DomainError
from keytrail.locks import Locks
from keytrail.models import ScheduledJob

FIRST_BACK_OFF: Final = timedelta(minutes=1)
"""The waiting time after the first failure; it doubles with each further one, up to the job's interval."""
_MOST_DOUBLINGS: Final = 16
_LONGEST_PROBLEM: Final = 300

_log = logging.getLogger("keytrail")


@dataclass(frozen=True)
class PeriodicJob:
    """Work to be done again and again. `run` may be repeated after any interruption: it finds out what is left to do.

    `first_after` is how long the very first run waits.
    """

    name: str
    every: timedelta
    run: Callable[[], object]
    study_id: int | None = None
    first_after: timedelta = timedelta(0)


class Schedule:
    """Of one database. Any number of processes may ask for the same job."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database, self._clock = database, clock
        self._locks = Locks(database.engine)

    def run_if_due(self, job: PeriodicJob) -> bool:
        """Run a job that is due and that nobody else runs. Its failure is recorded and logged, not raised.

        The lock of a killed run ends with its process; the job is then repeated after the waiting time of a failed one.
        """
        if not self._is_due(job):
            return False
        with self._locks.held(f"job {job.name}") as mine:
            if not mine or not self._begin(job):
                return False
            self._end(job, _problem_of(job))
        return True

    def _is_due(self, job: PeriodicJob) -> bool:
        with self._database.reading() as db:
            known = db.get(ScheduledJob, job.name)
        return known is None or known.due_at <= self._clock()

    def _begin(self, job: PeriodicJob) -> bool:
        """Count the try before it, so that a run that kills its process is not repeated without a pause."""
        with self._database.writing() as db:
            now = self._clock()
            known = db.get(ScheduledJob, job.name)
            if known is None:
                known = ScheduledJob(name=job.name, study_id=job.study_id, due_at=now + job.first_after, tries=0)
                db.add(known)
            if known.due_at > now:
                return False  # another process has just ended it, or the first run is to wait
            known.tries += 1
            known.due_at = now + _back_off(job, known.tries)
        return True

    def _end(self, job: PeriodicJob, problem: str) -> None:
        with self._database.writing() as db:
            known = db.get(ScheduledJob, job.name)
            if known is None:
                return  # its study was deleted meanwhile
            now = self._clock()
            known.problem = problem[:_LONGEST_PROBLEM]
            if problem:
                known.due_at = now + _back_off(job, known.tries)
            else:
                known.tries, known.succeeded_at, known.due_at = 0, now, now + job.every


def _problem_of(job: PeriodicJob) -> str:
    """Run a job and return its failure in a sentence; empty if there was none."""
    try:
        job.run()
    except DomainError as error:
        _log.warning("the job %r failed and is tried again: %s", job.name, error.message)
        return error.message
    except Exception as error:  # noqa: BLE001  # a locked database or a full disk must not end the schedule
        _log.exception("the job %r failed and is tried again", job.name)
        return f"An error in the program stopped it ({type(error).__name__})."
    return ""


def _back_off(job: PeriodicJob, tries: int) -> timedelta:
    return min(job.every, FIRST_BACK_OFF * (1 << min(tries - 1, _MOST_DOUBLINGS)))
