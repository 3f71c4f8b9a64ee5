"""Check this machine's clock against others."""

from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import func, select

from keytrail.db import Database
from keytrail.operations.probes import Probe

_MOST_APART: Final = timedelta(seconds=30)
"""Marketplaces refuse signatures that are five minutes off; claims and time limits tolerate far more."""
_OLDEST: Final = datetime(2026, 1, 1, tzinfo=UTC)
_ADVICE: Final = "Set every machine's clock by NTP (systemd-timesyncd or chrony), then check again."


def probe_clock(database: Database, now: datetime) -> Probe:
    """Compare with the database's server, if it is another machine, and with the year in which this was written."""
    if now < _OLDEST:
        return Probe(
            "clock", well=False, description=f"It says {now:%Y-%m-%d %H:%M} UTC, which is in the past.", advice=_ADVICE
        )
    if database.engine.dialect.name == "sqlite":
        return Probe("clock", well=True, description=f"It says {now:%Y-%m-%d %H:%M} UTC. Is that right?")
    with database.reading() as db:
        theirs = db.scalars(select(func.now())).one()
    difference = abs(theirs - now)
    description = f"This machine and the database's are {difference.total_seconds():.0f} s apart."
    return Probe("clock", well=difference <= _MOST_APART, description=description, advice=_ADVICE)
