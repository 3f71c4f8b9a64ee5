"""Checks of `keytrail doctor`: those of the readiness probe, and all else that must be right before workers come."""

from collections.abc import Sequence
from datetime import datetime

from keytrail.db import Database
from keytrail.key_check import key_fits
from keytrail.operations.doctor.clocks import probe_clock
from keytrail.operations.doctor.marketplaces import probe_mturk, probe_prolific
from keytrail.operations.doctor.public_address import probe_frames, probe_public_url, probe_settings
from keytrail.operations.readiness import Probe, probe_all
from keytrail.settings import Settings


def examine_installation(settings: Settings, database: Database, now: datetime) -> Sequence[Probe]:
    """Run all checks, also over the network: the public address, the database and configured marketplaces."""
    of_database = probe_all(database, settings.data_dir, now)
    found = [probe_settings(settings), *of_database]
    if all(probe.well for probe in of_database if probe.name in {"database", "schema"}):
        found += [probe_key(settings, database), probe_clock(database, now)]
    return [
        *found,
        *probe_public_url(settings, now),
        probe_frames(settings),
        probe_mturk(settings),
        probe_prolific(settings),
        Probe("mail", well=True, said="Keytrail sends no mail: people hand invitations and password links on."),
    ]


def probe_key(settings: Settings, database: Database) -> Probe:
    """Check that the secret key belongs to the database."""
    advice = "Restore secret.key from a backup, or set KEYTRAIL_SECRET_KEY to the key of this database."
    well = key_fits(settings, database)
    said = "The secret key belongs to this database." if well else "The secret key is missing, or not this database's."
    return Probe("secret key", well=well, said=said, advice=advice)
