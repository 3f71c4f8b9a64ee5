from alembic import command
from sqlalchemy import inspect, text

from keytrail.db import Database
from keytrail.models import User
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


def test_accounts_keep_their_rights_but_for_those_made_by_an_invitation(database: Database) -> None:
    with database.engine.connect() as connection:
        command.downgrade(config_for(connection), "c3d61f08a27e")
        connection.commit()
    early, late = "2026-03-01 09:00:00.000000", "2026-03-02 09:00:00.000000"
    users = "INSERT INTO users (id, email, name, password_hash, created_at) VALUES (:id, :email, 'N', '!', :at)"
    audit = "INSERT INTO audit_entries (at, user_id, action, detail) VALUES (:at, :user, 'accept invitation', '{}')"
    with database.engine.begin() as connection:
        for number, name in ((1, "added"), (2, "invited"), (3, "added-and-joined")):
            connection.execute(text(users), {"id": number, "email": f"{name}@example.org", "at": early})
        for number, at in ((2, early), (3, late)):
            connection.execute(text(audit), {"user": number, "at": at})
    migrate(database.engine)
    with database.reading() as db:
        rights = {user.email: (user.may_create_studies, user.may_spend, user.is_operator) for user in db.query(User)}
    assert rights == {
        "added@example.org": (True, True, False),
        "invited@example.org": (False, False, False),
        "added-and-joined@example.org": (True, True, False),
    }
