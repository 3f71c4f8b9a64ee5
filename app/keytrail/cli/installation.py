"""Open the configured installation for a command."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from keytrail.db import Database
    from keytrail.keyring import Keyring
    from keytrail.settings import Settings


@dataclass(frozen=True)
class Installation:
    """An installation that is open for one command."""

    settings: "Settings"
    database: "Database"
    keyring: "Keyring"


@contextmanager
def open_installation(*, must_exist: bool = False, **overrides: object) -> Iterator[Installation]:
    """Open the configured installation. Raises BadSettings if its database is not migrated, or has another key.

    Tables are made in an SQLite database that has none, unless it `must_exist`.
    """
    from keytrail.datafolder import prepare_data_folder
    from keytrail.db import Database
    from keytrail.key_check import open_keyring
    from keytrail.schema_version import migrate_if_fresh, require_current, require_tables
    from keytrail.settings import load_settings

    settings = load_settings(**overrides)
    prepare_data_folder(settings.data_dir)
    database = Database(settings.database)
    try:
        if must_exist:
            require_tables(database.engine)
        migrate_if_fresh(database.engine)
        require_current(database.engine)
        yield Installation(settings, database, open_keyring(settings, database))
    finally:
        database.close()
