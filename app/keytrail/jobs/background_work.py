"""All background work of one process: analyses, long computations that were left behind, and the daily round."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime
from typing import Final

from keytrail.db import Database
from keytrail.jobs.recovery import Recovery
from keytrail.keyring import Keyring
from keytrail.notifications.notifier import run_notifications
from keytrail.notifications.sending import Transport
from keytrail.review.analysis.analyst import LOOK_S, Analyst
from keytrail.review.retention.maintenance import run_maintenance
from keytrail.sessions.eventlog import Chain
from keytrail.settings import Settings

_LOOK_S_HANDED_OVER: Final = 1.0

_log = logging.getLogger("keytrail")


class BackgroundWork:
    """Threads that find their work in the database, so that any number of processes share it and none need be told.

    A submission without a report, a training or an estimate that began and did not end: each is work. Whoever takes it
    holds a lock meanwhile (keytrail/locks.py), and what a killed process was at is found by the next.
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
        recovery = Recovery(database, clock, handed_over=settings.background == "worker")
        maintenance = (database, Chain(keyring), clock, settings.key_timing_days, self._stopping)
        look_s = _LOOK_S_HANDED_OVER if settings.background == "worker" else LOOK_S
        telling = (database, clock, Transport(settings, keyring), self._stopping)
        self._threads = (
            threading.Thread(target=analyst.run, args=(look_s,), name="keytrail-analyst"),
            threading.Thread(target=recovery.run, args=(self._stopping,), name="keytrail-recovery"),
            threading.Thread(target=run_notifications, args=telling, name="keytrail-notifications"),
            threading.Thread(target=run_maintenance, args=maintenance, name="keytrail-maintenance"),
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
