"""All background work of one process: analyses, long computations, messages, and the periodic jobs."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from keytrail.db import Database
from keytrail.jobs.periodic_jobs import PeriodicJobs, run_periodic_jobs
from keytrail.jobs.recovery import Recovery
from keytrail.jobs.schedule import Schedule
from keytrail.keyring import Keyring
from keytrail.notifications.notifier import run_notifier
from keytrail.notifications.sending import Transport
from keytrail.review.analysis.analyst import LOOK_S, Analyst
from keytrail.settings import Settings

_LOOK_S_HANDED_OVER: Final = 1.0

_log = logging.getLogger("keytrail")


class BackgroundWork:
    """Threads that find their work in the database, so that any number of processes share it and none need be told.

    A submission without a report, a training or an estimate that began and did not end, a message in the outbox, a
    periodic job that is due: each is work. Whoever takes it holds a lock meanwhile (keytrail/locks.py), and what a
    killed process was at is found by the next.
    """

    def __init__(
        self,
        database: Database,
        keyring: Keyring,
        analyst: Analyst,
        settings: Settings,
        clock: Callable[[], datetime],
    ) -> None:
        self._analyst = analyst
        self._patience_s = settings.stop_seconds
        self._stopping = threading.Event()
        handed_over = settings.background == "worker"
        recovery = Recovery(database, clock, handed_over=handed_over)
        schedule = Schedule(database, clock)
        periodic = PeriodicJobs(database, keyring, settings, clock, self._stopping)
        self._threads = (
            _thread("analyst", analyst.run, _LOOK_S_HANDED_OVER if handed_over else LOOK_S),
            _thread("recovery", recovery.run, self._stopping),
            _thread("notifier", run_notifier, database, clock, Transport(settings, keyring), self._stopping),
        )
        self._periodic = tuple(
            _thread(name, run_periodic_jobs, schedule, find, self._stopping) for name, find in periodic.groups().items()
        )

    def start(self) -> None:
        """Begin; returns at once."""
        for thread in (*self._threads, *self._periodic):
            thread.start()

    def stop(self) -> None:
        """End after what is under way; analyses and periodic jobs after the settings' seconds at the latest."""
        deadline = time.monotonic() + self._patience_s
        self._stopping.set()
        self._analyst.stop(self._patience_s)
        for thread in self._threads:
            if thread.ident is not None:
                thread.join()
        for thread in self._periodic:  # a platform may answer late; what a job had not done, its next run does
            if thread.ident is not None:
                thread.join(max(deadline - time.monotonic(), 0))

    def run(self, stop: threading.Event) -> None:
        """Work until `stop` is set."""
        self.start()
        stop.wait()
        _log.info("stopping: what is under way comes to its end")
        self.stop()


def _thread(name: str, work: Callable[..., None], *arguments: Any) -> threading.Thread:
    """Return a daemon, so that a second Ctrl+C ends the process."""
    return threading.Thread(target=work, args=arguments, name=f"keytrail-{name}", daemon=True)
