"""Migrate a database to the newest schema."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from keytrail.errors import OtherVersion
from keytrail.locks import migrating
from keytrail.models import Base
from keytrail.resources import MIGRATIONS


def config_for(connection: Connection) -> Config:
    """Return Alembic's configuration for an open connection, without a configuration file."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("file_template", "%%(year)d%%(month).2d%%(day).2d_%%(slug)s")
    config.attributes["connection"] = connection
    return config


@contextmanager
def altering(engine: Engine) -> Iterator[Connection]:
    """Yield a connection for migrations; commits at the end.

    To change a table, SQLite mostly copies and drops it, and dropping it would delete rows of referring tables by
    cascade. Foreign keys are therefore off meanwhile, as SQLite's manual says (ALTER TABLE, section 7).
    """
    with engine.connect() as connection:
        _enforce_foreign_keys(connection, on=False)
        try:
            yield connection
            connection.commit()
        finally:
            connection.rollback()
            _enforce_foreign_keys(connection, on=True)


def _enforce_foreign_keys(connection: Connection, *, on: bool) -> None:
    # Bypasses SQLAlchemy, which would begin a transaction: within one this pragma has no effect.
    driver = connection.connection.driver_connection
    if connection.dialect.name == "sqlite" and driver is not None:
        driver.execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")


def migrate(engine: Engine) -> None:
    """Apply every missing migration. Raises BadSettings for a database of an unknown version."""
    with altering(engine) as connection, migrating(connection):
        known = {script.revision for script in ScriptDirectory.from_config(config_for(connection)).walk_revisions()}
        if not set(MigrationContext.configure(connection).get_current_heads()) <= known:
            raise OtherVersion
        command.upgrade(config_for(connection), "head")
        connection.commit()


def drift(engine: Engine) -> list[object]:
    """Return the differences between the models and the migrated database; empty if there are none.

    Indexes over expressions are not compared on SQLite, where SQLAlchemy cannot read them.
    """
    with engine.connect() as connection, warnings.catch_warnings():
        warnings.filterwarnings("ignore", ".*expression-based index")
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": _in_models})
        return list(compare_metadata(context, Base.metadata))


def _in_models(name: str | None, _kind: str, _parents: object) -> bool:
    """Return whether a database object is in the models; full-text search is defined by a migration only."""
    return not (name or "").startswith("submission_search")
