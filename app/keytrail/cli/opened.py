"""The database as commands use it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from keytrail.db import Database
from keytrail.errors import BadSettings
from keytrail.keyring import Keyring, load_keyring
from keytrail.migrating import is_current, migrate_if_fresh
from keytrail.settings import Settings, load_settings


@dataclass(frozen=True)
class Opened:
    """An installation at hand."""

    settings: Settings
    database: Database
    keyring: Keyring


@contextmanager
def opened(**overrides: object) -> Iterator[Opened]:
    """The configured installation. Raises BadSettings if its database is not migrated."""
    settings = load_settings(**overrides)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database)
    try:
        migrate_if_fresh(database.engine)
        if not is_current(database.engine):
            raise BadSettings("The database is not up to date. Run 'keytrail migrate' first.")
        yield Opened(settings, database, load_keyring(settings))
    finally:
        database.close()
