"""Open the configured installation for a command."""

import gc
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
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
    with ExitStack() as closing:
        with _uncollected():
            at = _open(closing, overrides, must_exist=must_exist)
        yield at


def _open(closing: ExitStack, overrides: Mapping[str, object], *, must_exist: bool) -> Installation:
    from keytrail.datafolder import prepare_data_folder
    from keytrail.db import Database
    from keytrail.key_check import open_keyring
    from keytrail.schema_version import migrate_if_fresh, require_current, require_tables
    from keytrail.settings import load_settings

    settings = load_settings(**overrides)
    prepare_data_folder(settings.data_dir)
    database = Database(settings.database)
    closing.callback(database.close)
    if must_exist:
        require_tables(database.engine)
    migrate_if_fresh(database.engine)
    require_current(database.engine)
    return Installation(settings, database, open_keyring(settings, database))


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without garbage collection: what loaded modules make stays, and looking through it takes a tenth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
