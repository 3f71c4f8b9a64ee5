from threading import Thread

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from keytrail.db import Database
from keytrail.errors import BadSettings
from keytrail.locks import migrating
from keytrail.schema import altering, config_for, drift, migrate
from keytrail.schema_version import is_current, newest_revisions, revision_of
from tests.waiting import until


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


def test_a_migration_waits_for_another_and_finds_nothing_left_to_do(database: Database) -> None:
    if database.engine.dialect.name != "postgresql":
        pytest.skip("SQLite serves one server process, and locks its file")
    failures: list[Exception] = []

    def migrate_too() -> None:
        try:
            migrate(database.engine)
        except Exception as error:  # noqa: BLE001  # the test tells it
            failures.append(error)

    waiting = text(
        "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database "
        "WHERE locktype = 'advisory' AND NOT granted AND datname = current_database()"
    )
    second = Thread(target=migrate_too, daemon=True)
    with altering(database.engine) as first:
        command.downgrade(config_for(first), "base")
        first.commit()
        with migrating(first):
            second.start()
            with database.engine.connect() as third:
                until(lambda: third.scalar(waiting), "the second migration to wait")
            assert second.is_alive()
            command.upgrade(config_for(first), "head")
            first.commit()
    second.join(60)
    assert (second.is_alive(), failures) == (False, [])
    assert drift(database.engine) == []


def test_a_database_of_an_unreleased_version_says_so(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'c3d61f08a27e'"))
    with pytest.raises(BadSettings, match="another version"):
        migrate(database.engine)


def test_the_newest_migration_is_known_without_alembic(database: Database) -> None:
    with database.engine.connect() as connection:
        assert newest_revisions() == set(ScriptDirectory.from_config(config_for(connection)).get_heads())
        assert {revision_of(connection)} == newest_revisions()
