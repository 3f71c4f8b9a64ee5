"""Bring a database to the newest schema."""

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect

from app.models import Base
from app.resources import MIGRATIONS


def config_for(connection: Connection) -> Config:
    """Alembic's configuration for an open connection; nothing is read from a file."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("file_template", "%%(year)d%%(month).2d%%(day).2d_%%(slug)s")
    config.attributes["connection"] = connection
    return config


def migrate(engine: Engine) -> None:
    """Apply every migration that the database lacks."""
    with engine.connect() as connection:
        command.upgrade(config_for(connection), "head")
        connection.commit()


def migrate_if_fresh(engine: Engine) -> None:
    """Make the tables of an SQLite database that has none: there is nothing in it that a migration could harm."""
    if engine.dialect.name == "sqlite" and not inspect(engine).get_table_names():
        migrate(engine)


def is_current(engine: Engine) -> bool:
    """Whether the database has every migration."""
    with engine.connect() as connection:
        heads = ScriptDirectory.from_config(config_for(connection)).get_heads()
        return set(MigrationContext.configure(connection).get_current_heads()) == set(heads)


def drift(engine: Engine) -> list[object]:
    """What differs between the models and the migrated database; empty if all is well."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, Base.metadata))
