"""All background work of one process: analyses, long computations that were left behind, and the daily round."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime

from keytrail.db import Database
from keytrail.jobs.recovery import Recovery
from keytrail.review.analysis.analyst import Analyst
from keytrail.review.retention.maintenance import run_maintenance
from keytrail.sessions.eventlog import Chain
from keytrail.settings import Settings

_log = logging.getLogger("keytrail")


class BackgroundWork:
    """Threads that find their work in the database, so that any number of processes share it and none need be told.

    A submission without a report, a training or an estimate that began and did not end: each is work. Whoever takes it
    holds a lock meanwhile (keytrail/locks.py), and what a killed process was at is found by the next.
    """

    def __init__(
        self, database: Database, chain: Chain, analyst: Analyst, settings: Settings, clock: Callable[[], datetime]
    ) -> None:
        self._analyst = analyst
        self._patience_s = settings.stop_seconds
        self._stopping = threading.Event()
        recovery = Recovery(database, clock, handed_over=settings.background == "worker")
        maintenance = (database, chain, clock, settings.key_timing_days, self._stopping)
        # A second Ctrl+C must end the process: what they are at is found again.
        self._threads = (
            threading.Thread(target=analyst.run, name="keytrail-analyst", daemon=True),
            threading.Thread(target=recovery.run, args=(self._stopping,), name="keytrail-recovery", daemon=True),
            threading.Thread(target=run_maintenance, args=maintenance, name="keytrail-maintenance", daemon=True),
        )

    def start(self) -> None:
        """Begin; returns at once."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End after what is being analysed, or after the settings' seconds, and wait for it."""
        self._stopping.set()
        self._analyst.stop(self._patience_s)
        for thread in self._threads:
            if thread.ident is not None:
                thread.join()

    def run(self, stop: threading.Event) -> None:
        """Work until `stop` is set."""
        self.start()
        stop.wait()
        _log.info("stopping: what is under way comes to its end")
        self.stop()
