"""Checks of `keytrail doctor`: those of the readiness probe, and all else that must be right before workers come."""

import os
from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from keytrail.db import Database
from keytrail.errors import BadSettings
from keytrail.key_check import key_fits
from keytrail.operations.doctor.clocks import probe_clock
from keytrail.operations.doctor.marketplaces import probe_connect, probe_mturk, probe_prolific
from keytrail.operations.doctor.openid import probe_openid
from keytrail.operations.doctor.public_address import probe_frames, probe_public_url, probe_settings
from keytrail.operations.probes import Probe
from keytrail.operations.readiness import probe_all
from keytrail.operations.tracing import NOT_INSTALLED, collector, is_installed
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
        probe_connect(settings),
        probe_openid(settings),
        probe_mail(settings),
        probe_traces(os.environ),
    ]


def probe_key(settings: Settings, database: Database) -> Probe:
    """Check that the secret key belongs to the database."""
    advice = "Restore secret.key from a backup, or set KEYTRAIL_SECRET_KEY to the key of this database."
    try:
        well = key_fits(settings, database)
    except (BadSettings, OSError) as error:
        return Probe("secret key", well=False, description=f"It cannot be read: {error}", advice=advice)
    description = (
        "The secret key belongs to this database." if well else "The secret key is missing, or not this database's."
    )
    return Probe("secret key", well=well, description=description, advice=advice)


def probe_mail(settings: Settings) -> Probe:
    """Say whether mail is sent. Nothing is sent to find out whether it arrives: a notification has a test button."""
    if settings.sends_mail:
        description = f"Mail goes through {settings.smtp_host}. Send a test on a study's page Notifications."
        return Probe("mail", well=True, description=description)
    partly = settings.smtp_host is not None or settings.mail_from is not None
    advice = "Set both KEYTRAIL_SMTP_HOST and KEYTRAIL_MAIL_FROM, or neither."
    description = (
        "Only half of the mail server is set." if partly else "No mail is sent: people hand password links on."
    )
    return Probe("mail", well=not partly, description=description, advice=advice, fatal=False)


def probe_traces(environ: Mapping[str, str]) -> Probe:
    """Say whether traces are sent, and to which host. Nothing is sent to find out whether it answers."""
    address = collector(environ)
    if address is None:
        return Probe("traces", well=True, description="No traces are sent.")
    well = is_installed()
    description = f"Traces go to {urlsplit(address).hostname or address}." if well else "No traces are sent."
    return Probe("traces", well=well, description=description, advice=NOT_INSTALLED, fatal=False)
