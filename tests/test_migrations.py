from alembic import command
from sqlalchemy import inspect

from keytrail.db import Database
from keytrail.migrating import config_for, drift, is_current


def test_the_migrations_make_exactly_the_models(database: Database) -> None:
    assert is_current(database.engine)
    assert drift(database.engine) == []


def test_every_migration_can_be_undone_and_done_again(database: Database) -> None:
    with database.engine.connect() as connection:
        command.downgrade(config_for(connection), "base")
        connection.commit()
    assert set(inspect(database.engine).get_table_names()) <= {"alembic_version"}
    assert not is_current(database.engine)
    with database.engine.connect() as connection:
        command.upgrade(config_for(connection), "head")
        connection.commit()
    assert drift(database.engine) == []
