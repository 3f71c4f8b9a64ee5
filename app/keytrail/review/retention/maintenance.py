"""Daily maintenance of a running server: retention."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event

from keytrail.db import Database
from keytrail.locks import Locks
from keytrail.review.retention.coarsening import coarsen_session, sessions_to_coarsen
from keytrail.sessions.eventlog import Chain

_DAY_S = timedelta(days=1).total_seconds()

_log = logging.getLogger("keytrail")


def run_maintenance(
    database: Database, chain: Chain, clock: Callable[[], datetime], key_timing_days: int | None, stopping: Event
) -> None:
    """Run until `stopping` is set; of several processes one does it. Without `key_timing_days` key timing is kept."""
    locks = Locks(database.engine)
    while key_timing_days is not None and not stopping.is_set():
        with locks.held("retention") as mine:
            if mine:
                coarsen_old_logs(database, chain, clock, key_timing_days, stopping)
        stopping.wait(_DAY_S)


def coarsen_old_logs(
    database: Database, chain: Chain, clock: Callable[[], datetime], days: int, stopping: Event
) -> None:
    """Round the times of every log older than so many days."""
    try:
        with database.reading() as db:
            old = sessions_to_coarsen(db, clock(), days)
        for session_id in old:
            if stopping.is_set():
                return
            with database.writing() as db:
                coarsen_session(db, session_id, chain, clock())
    except Exception:  # noqa: BLE001  # a full disk today must not end the thread
        _log.exception("key timing could not be rounded; it is tried again in a day")
