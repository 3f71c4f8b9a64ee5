"""Diagnose an installation: `keytrail doctor`."""

import typer


def doctor() -> None:
    """Check the installation before workers come. Exits with 1 if a check fails."""
    from keytrail.clock import utc_now
    from keytrail.db import Database
    from keytrail.operations.doctor import examine_installation
    from keytrail.settings import load_settings

    settings = load_settings()
    database = Database(settings.database)
    try:
        found = examine_installation(settings, database, utc_now())
    finally:
        database.close()
    for probe in found:
        print(f"{'ok  ' if probe.well else 'FAIL'}  {probe.name}: {probe.description}")
        if not probe.well:
            print(f"      What to do: {probe.advice}")
    if not all(probe.well for probe in found):
        raise typer.Exit(1)
