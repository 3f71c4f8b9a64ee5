"""Daily maintenance: retention."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from threading import Event

from keytrail.db import Database
from keytrail.errors import Conflict
from keytrail.review.retention.coarsening import coarsen_session, sessions_to_coarsen
from keytrail.review.retention.masking import mask_session, sessions_to_mask
from keytrail.review.retention.platform_ids import forget_platform_ids, workers_to_forget
from keytrail.sessions.eventlog import Chain


def forget_old_ids(database: Database, clock: Callable[[], datetime], days: int, stopping: Event) -> None:
    """Forget the platform's ids of every worker for whom nothing was left to do for so many days."""
    with database.reading() as db:
        old = workers_to_forget(db, clock(), days)
    for worker_id in old:
        if stopping.is_set():
            return
        with database.writing() as db:
            forget_platform_ids(db, worker_id)


def coarsen_old_logs(
    database: Database, chain: Chain, clock: Callable[[], datetime], days: int, stopping: Event
) -> None:
    """Round the times of every log older than so many days, each in a transaction, until `stopping` is set."""
    with database.reading() as db:
        old = sessions_to_coarsen(db, clock(), days)
    for session_id in old:
        if stopping.is_set():
            return
        with database.writing() as db:
            coarsen_session(db, session_id, chain, clock())


def mask_old_logs(database: Database, chain: Chain, clock: Callable[[], datetime], days: int, stopping: Event) -> None:
    """Mask the text of every decided log older than so many days, each in a transaction, until `stopping` is set."""
    with database.reading() as db:
        old = sessions_to_mask(db, clock(), days)
    for session_id in old:
        if stopping.is_set():
            return
        # A decision may have been taken back meanwhile; the next round sees it again.
        with suppress(Conflict), database.writing() as db:
            mask_session(db, session_id, chain, clock())
