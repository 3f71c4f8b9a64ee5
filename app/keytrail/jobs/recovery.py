"""Recovery of trainings and estimates that no process works on: one was killed, or they were handed over."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from threading import Event
from typing import Final

from keytrail.db import Database
from keytrail.locks import Locks
from keytrail.synthetic.prevalence.cache.refresh import begun_refreshes, resume_refresh
from keytrail.synthetic.training.jobs import begun_jobs, resume_job

_LOOK_S: Final = 2.0
_GRACE: Final = timedelta(minutes=1)
"""For the process that began it, until its child holds the lock."""

_log = logging.getLogger("keytrail")


class Recovery:
    """Looks every two seconds where processes share a database; with SQLite once, when the only server starts."""

    def __init__(self, database: Database, clock: Callable[[], datetime], *, handed_over: bool) -> None:
        """With `handed_over` nobody else begins such work: it need not be waited for."""
        self._database, self._clock = database, clock
        self._alone = database.engine.dialect.name == "sqlite"
        self._grace = timedelta(0) if handed_over or self._alone else _GRACE
        self._locks = Locks(database.engine)

    def run(self, stopping: Event) -> None:
        """Look for work that was left behind until `stopping` is set; on SQLite once."""
        while not stopping.is_set():
            try:
                self.look(stopping)
            except Exception:  # noqa: BLE001  # a database that is away must not end it for good
                _log.exception("looking for work that was left behind failed; it goes on")
            if self._alone:
                return
            stopping.wait(_LOOK_S)

    def look(self, stopping: Event) -> None:
        """Go on with each that is nobody's, one after the other."""
        begun_before = self._clock() - self._grace
        with self._database.reading() as db:
            trainings, refreshes = begun_jobs(db, begun_before), begun_refreshes(db, begun_before)
        work = [
            *((f"training {each}", partial(resume_job, self._database, each, self._clock)) for each in trainings),
            *(
                (f"figures {each.key}", partial(resume_refresh, self._database, each, self._clock))
                for each in refreshes
            ),
        ]
        for name, resume in work:
            if not stopping.is_set():
                self._resume(name, resume)

    def _resume(self, name: str, resume: Callable[[], None]) -> None:
        """Resume one, unless its child process (one lock) or another server (the other lock) has it."""
        with self._locks.held(f"resume {name}") as mine:
            if mine and self._is_free(name):
                resume()

    def _is_free(self, name: str) -> bool:
        with self._locks.held(name) as free:
            return free
