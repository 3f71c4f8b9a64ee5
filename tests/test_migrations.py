import pytest
from alembic import command
from sqlalchemy import inspect, text

from keytrail.db import Database
from keytrail.errors import BadSettings
from keytrail.schema import config_for, drift, is_current, migrate


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


def test_a_database_of_an_unreleased_version_says_so(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'c3d61f08a27e'"))
    with pytest.raises(BadSettings, match="another version"):
        migrate(database.engine)
