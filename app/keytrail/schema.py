"""Bring a database to the newest schema."""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect

from keytrail.errors import BadSettings
from keytrail.locks import migrating
from keytrail.models import Base
from keytrail.resources import MIGRATIONS


def config_for(connection: Connection) -> Config:
    """Alembic's configuration for an open connection; nothing is read from a file."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("file_template", "%%(year)d%%(month).2d%%(day).2d_%%(slug)s")
    config.attributes["connection"] = connection
    return config


@contextmanager
def altering(engine: Engine) -> Iterator[Connection]:
    """A connection to migrate with; commits at the end.

    SQLite changes most of a table by making it anew and dropping the old one, and dropping it would delete, by cascade,
    the rows of all tables that refer to it. So foreign keys are off meanwhile, as SQLite's manual says (ALTER
    TABLE, section 7).
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
    # Past SQLAlchemy, which would begin a transaction: within one this pragma does nothing.
    driver = connection.connection.driver_connection
    if connection.dialect.name == "sqlite" and driver is not None:
        driver.execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")


def migrate(engine: Engine) -> None:
    """Apply every migration that the database lacks. Raises BadSettings for a database of an unknown version."""
    with altering(engine) as connection, migrating(connection):
        known = {script.revision for script in ScriptDirectory.from_config(config_for(connection)).walk_revisions()}
        if not set(MigrationContext.configure(connection).get_current_heads()) <= known:
            raise BadSettings(
                "The database was made by another version of Keytrail, newer than this one or never released. Install "
                "the version that made it, or export your data there and start with a new database here."
            )
        command.upgrade(config_for(connection), "head")
        connection.commit()


def migrate_if_fresh(engine: Engine) -> None:
    """Make the tables of an SQLite database that has none: there is nothing in it that a migration could harm."""
    if engine.dialect.name == "sqlite" and not inspect(engine).get_table_names():
        migrate(engine)


def require_tables(engine: Engine) -> None:
    """Raises BadSettings if the database is empty, as a copy of the file of a running SQLite server is."""
    if not inspect(engine).get_table_names():
        raise BadSettings(
            "This database is empty: it has no tables. Check KEYTRAIL_DATA_DIR and KEYTRAIL_DATABASE_URL. A copy of "
            "keytrail.sqlite3 alone, made while the server ran, may be empty or old: make copies by 'keytrail backup'."
        )


def is_current(engine: Engine) -> bool:
    """Whether the database has every migration."""
    with engine.connect() as connection:
        heads = ScriptDirectory.from_config(config_for(connection)).get_heads()
        return set(MigrationContext.configure(connection).get_current_heads()) == set(heads)


def revision_of(connection: Connection) -> str:
    """The newest migration that was applied; empty if there is none."""
    return MigrationContext.configure(connection).get_current_revision() or ""


def require_current(engine: Engine) -> None:
    """Raises BadSettings if the database lacks a migration."""
    if not is_current(engine):
        raise BadSettings("The database is not up to date. Run 'keytrail migrate', then start again.")


def drift(engine: Engine) -> list[object]:
    """What differs between the models and the migrated database; empty if all is well."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": _in_models})
        return list(compare_metadata(context, Base.metadata))


def _in_models(name: str | None, _kind: str, _parents: object) -> bool:
    """Whether a name of the database is to be found in the models; full-text search lives in a migration alone."""
    return not (name or "").startswith("submission_search")
