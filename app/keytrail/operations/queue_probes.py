"""Checks that messages and periodic jobs keep up. A lag does not make a server unready."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select

from keytrail.db import Database
from keytrail.models import Delivery, DeliveryState, ScheduledJob
from keytrail.operations.probes import Probe, in_words

SLOW: Final = timedelta(minutes=10)
"""Work that is overdue for longer shows that nobody does it, or too few."""
MANY_TRIES: Final = 5
"""A job that failed so often in a row does not recover by itself."""
_ADVICE: Final = "Start 'keytrail serve' or 'keytrail worker', and look for errors in their log."


def probe_messages(database: Database, now: datetime) -> Probe:
    """Check that no message in the outbox is long overdue."""
    with database.reading() as db:
        due = select(func.min(Delivery.next_try_at)).where(Delivery.state == DeliveryState.WAITING)
        oldest = db.scalar(due)
    late = timedelta(0) if oldest is None else max(now - oldest, timedelta(0))
    description = f"The oldest message is {in_words(late)} overdue." if late else "No message is overdue."
    return Probe("messages", well=late < SLOW, description=description, advice=_ADVICE, fatal=False)


def probe_jobs(database: Database, now: datetime) -> Probe:
    """Check that periodic jobs are done, and do not keep failing."""
    with database.reading() as db:
        overdue = list(db.scalars(select(ScheduledJob.name).where(ScheduledJob.due_at < now - SLOW)))
        failing = list(db.scalars(select(ScheduledJob).where(ScheduledJob.tries >= MANY_TRIES)))
    failures = [f"{job.name} failed {job.tries} times: {job.problem or 'it was interrupted'}" for job in failing]
    lags = [f"{', '.join(overdue)} should have run."] if overdue else []
    description = " ".join([*failures, *lags]) or "The periodic jobs are done."
    return Probe("jobs", well=not (failures or lags), description=description, advice=_ADVICE, fatal=False)
