"""Readiness of a server, for load balancers, `keytrail doctor` and alarms."""

import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from keytrail.db import Database
from keytrail.operations.probes import Probe, in_words
from keytrail.operations.queue_probes import probe_jobs, probe_messages
from keytrail.review.analysis.failures import oldest_untried
from keytrail.schema_version import is_current, is_of_other_version

LEAST_FREE_BYTES: Final = 200 * 2**20
"""A disk with less free space counts as full: room for a busy day of logs, and for a small backup."""
SLOW_ANALYSIS: Final = timedelta(minutes=10)
"""A submission that waits longer for its first analysis shows that no analysis runs, or too few."""


def probe_all(database: Database, data_dir: Path, now: datetime) -> list[Probe]:
    """Check database, schema, queues and disk. Checks that depend on a failed one are left out."""
    found = [probe_database(database)]
    if found[-1].well:
        found.append(_checked("schema", probe_schema, database))
    if all(probe.well for probe in found):
        queues = {"queue": probe_queue, "messages": probe_messages, "jobs": probe_jobs}
        found += [_checked(name, probe, database, now) for name, probe in queues.items()]
    return [*found, _checked("disk", probe_disk, data_dir)]


def _checked(name: str, probe: Callable[..., Probe], *arguments: object) -> Probe:
    """Run a check. One that cannot be run has failed: the database may go away, or lack a table, after it answered."""
    try:
        return probe(*arguments)
    except (SQLAlchemyError, OSError) as error:
        cause = type(error.__cause__ or error).__name__
        advice = "Run 'keytrail doctor' again, and look into the log of the database or the disk."
        return Probe(name, well=False, description=f"It could not be checked ({cause}).", advice=advice)


def probe_database(database: Database) -> Probe:
    """Check that the database answers and takes changes, as a standby of PostgreSQL does not."""
    try:
        with database.reading() as db:
            db.execute(text("SELECT 1"))
            takes_changes = not _is_postgresql(database) or db.scalar(text("SHOW transaction_read_only")) == "off"
    except SQLAlchemyError as error:
        reason = (str(error.__cause__ or error).strip().splitlines() or [type(error).__name__])[0]
        advice = (
            "Start the database, or correct KEYTRAIL_DATABASE_URL."
            if _is_postgresql(database)
            else "Let this user write the database's file and its folder, make room on the disk, or correct "
            "KEYTRAIL_DATA_DIR."
        )
        return Probe("database", well=False, description=f"It cannot be used: {reason}.", advice=advice)
    kind = "PostgreSQL" if _is_postgresql(database) else "SQLite"
    if not takes_changes:
        advice = "Let KEYTRAIL_DATABASE_URL name the primary server; hosts also do this when the disk is full."
        return Probe("database", well=False, description=f"{kind} answers, but only for reading.", advice=advice)
    return Probe("database", well=True, description=f"{kind} answers.")


def _is_postgresql(database: Database) -> bool:
    return database.engine.dialect.name == "postgresql"


def probe_schema(database: Database) -> Probe:
    """Check that every migration was applied."""
    if is_current(database.engine):
        return Probe("schema", well=True, description="Every migration is applied.")
    if is_of_other_version(database.engine):
        description = "The database was made by another version of Keytrail, newer than this one or never released."
        return Probe("schema", well=False, description=description, advice="Install the version that made it.")
    advice = "Stop the servers, make a backup and run 'keytrail migrate'."
    return Probe("schema", well=False, description="The database lacks a migration.", advice=advice)


def probe_queue(database: Database, now: datetime) -> Probe:
    """Check that analyses keep up. A lag does not make the server unready: texts are stored all the same."""
    with database.reading() as db:
        oldest = oldest_untried(db)
    waited = timedelta(0) if oldest is None else now - oldest
    description = f"The oldest submission without an analysis has waited for {in_words(waited)}."
    return Probe(
        "queue",
        well=waited < SLOW_ANALYSIS,
        description="No submission waits for its first analysis." if oldest is None else description,
        advice="Start 'keytrail serve' or 'keytrail worker', or more of the latter, and look for errors in their log.",
        fatal=False,
    )


def probe_disk(data_dir: Path) -> Probe:
    """Check that the data folder's disk has free space."""
    folder = next((each for each in (data_dir, *data_dir.absolute().parents) if each.exists()), Path("/"))
    free = shutil.disk_usage(folder).free
    advice = f"Make room on the disk of {data_dir}, or move KEYTRAIL_DATA_DIR to a larger one."
    return Probe("disk", well=free >= LEAST_FREE_BYTES, description=f"{free / 1e9:.1f} GB are free.", advice=advice)


class Readiness:
    """Runs the checks at most once a second, because the address is open to everybody."""

    def __init__(self, database: Database, data_dir: Path, clock: Callable[[], datetime]) -> None:
        self._database, self._data_dir, self._clock = database, data_dir, clock
        self._last: tuple[datetime, list[Probe]] | None = None

    def look(self) -> list[Probe]:
        """Return the results of this second."""
        now = self._clock()
        if self._last is None or not timedelta(0) <= now - self._last[0] < timedelta(seconds=1):
            self._last = now, probe_all(self._database, self._data_dir, now)
        return self._last[1]
