"""The periodic jobs of an installation."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from threading import Event
from typing import Final

from sqlalchemy import ColumnElement, delete, select

from keytrail.db import Database
from keytrail.jobs.schedule import PeriodicJob, Schedule
from keytrail.keyring import Keyring
from keytrail.models import ScheduledJob
from keytrail.notifications.raising import raise_due
from keytrail.platform_actions.comparable_studies import comparable_studies
from keytrail.platform_actions.performing import Connections
from keytrail.platform_actions.reconciliation import Reconciler
from keytrail.review.retention.maintenance import coarsen_old_logs, forget_old_ids, mask_old_logs
from keytrail.sessions.eventlog import Chain
from keytrail.settings import Settings

_DAY: Final = timedelta(days=1)
_MINUTE: Final = timedelta(minutes=1)
_LOOK_S: Final = 5.0
_RETENTION: Final = "retention"
_LOG_TEXT: Final = "log text"
_PLATFORM_IDS: Final = "platform ids"

_log = logging.getLogger("keytrail")


@dataclass(frozen=True)
class PeriodicJobs:
    """The jobs, in groups that do not wait for each other."""

    database: Database
    keyring: Keyring
    settings: Settings
    clock: Callable[[], datetime]
    stopping: Event

    def groups(self) -> Mapping[str, Callable[[], Sequence[PeriodicJob]]]:
        """Return each group's name, and how its present jobs are found."""
        return {"notifications": self.notifications, "comparisons": self.comparisons, "retention": self.retention}

    def notifications(self) -> Sequence[PeriodicJob]:
        """Put messages into the outbox for what has begun to hold."""
        return [PeriodicJob("notifications", _MINUTE, partial(raise_due, self.database, self.clock))]

    def comparisons(self) -> Sequence[PeriodicJob]:
        """Compare each running study with its platform; one whose platform does not answer delays no other."""
        every = timedelta(minutes=self.settings.compare_minutes)
        studies: Sequence[int] = ()
        if every:
            with self.database.reading() as db:
                studies = comparable_studies(db, self.settings, self.clock())
        self._retire(ScheduledJob.study_id.is_not(None) & ScheduledJob.study_id.not_in(studies))
        reconciler = Reconciler(self.database, Connections(self.settings), self.keyring, self.clock)
        return [
            PeriodicJob(f"comparison {study}", every, partial(reconciler.compare, study), study, first_after=every)
            for study in studies
        ]

    def retention(self) -> Sequence[PeriodicJob]:
        """Round the times of old logs, mask their text and forget platforms' ids, if the settings say so."""
        chain = Chain(self.keyring)
        wanted = {
            _RETENTION: (self.settings.key_timing_days, partial(coarsen_old_logs, self.database, chain)),
            _LOG_TEXT: (self.settings.log_text_days, partial(mask_old_logs, self.database, chain)),
            _PLATFORM_IDS: (self.settings.platform_id_days, partial(forget_old_ids, self.database)),
        }
        jobs = []
        for name, (days, forget) in wanted.items():
            if days is None:
                self._retire(ScheduledJob.name == name)
            else:
                jobs.append(PeriodicJob(name, _DAY, partial(forget, self.clock, days, self.stopping)))
        return jobs

    def _retire(self, which: ColumnElement[bool]) -> None:
        """Take jobs out of the schedule that are no more: they would look overdue for ever."""
        with self.database.reading() as db:
            some = db.scalar(select(ScheduledJob.name).where(which).limit(1))
        if some is not None:
            with self.database.writing() as db:
                db.execute(delete(ScheduledJob).where(which))


def run_periodic_jobs(schedule: Schedule, find: Callable[[], Sequence[PeriodicJob]], stopping: Event) -> None:
    """Run the jobs of a group as they become due, one after the other, until `stopping` is set."""
    while not stopping.is_set():
        try:
            for job in find():
                if not stopping.is_set():
                    schedule.run_if_due(job)
        except Exception:  # noqa: BLE001  # a database that is away must not end it for good
            _log.exception("looking for due jobs failed; it goes on")
        stopping.wait(_LOOK_S)
