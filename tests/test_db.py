import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import OperationalError, StatementError

from keytrail.db import BrowserText, Database
from keytrail.models import User

MOMENT = datetime(2026, 3, 1, tzinfo=UTC)
DIALECT = sqlite.dialect()


@given(st.text(st.characters(codec=None, categories=None)))
def test_any_browser_text_survives_and_can_be_stored(value: str) -> None:
    stored = BrowserText().process_bind_param(value, DIALECT)
    assert stored is not None
    stored.encode("utf-8")
    assert "\0" not in stored
    assert BrowserText().process_result_value(stored, DIALECT) == value


def test_ordinary_text_is_stored_as_it_is() -> None:
    assert BrowserText().process_bind_param("naïve 🙂 text", DIALECT) == "naïve 🙂 text"


def test_times_come_back_in_utc_and_naive_ones_are_refused(database: Database) -> None:
    local = datetime(2026, 3, 1, 10, 30, tzinfo=timezone(timedelta(hours=2)))
    with database.writing() as db:
        db.add(User(email="a@example.org", name="A", password_hash="x", created_at=local))
    with database.reading() as db:
        stored = db.scalars(select(User.created_at)).one()
        assert stored == local
        assert stored.tzinfo is UTC
    with database.writing() as db, pytest.raises(StatementError):
        db.execute(select(User).where(User.created_at == datetime(2026, 3, 1)))  # noqa: DTZ001  # the point


def test_a_failed_unit_of_work_leaves_nothing(database: Database) -> None:
    def fail_half_way() -> None:
        with database.writing() as db:
            db.add(User(email="a@example.org", name="A", password_hash="x", created_at=MOMENT))
            db.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()
    with database.reading() as db:
        assert db.scalars(select(User)).all() == []


def test_reading_never_writes(database: Database) -> None:
    with database.reading() as db:
        db.add(User(email="a@example.org", name="A", password_hash="x", created_at=MOMENT))
        db.flush()
    with database.reading() as db:
        assert db.scalars(select(User)).all() == []


def test_a_preview_keeps_others_from_writing_in_between_and_leaves_nothing(sqlite_database_url: str) -> None:
    """On SQLite its first change would fail otherwise: the database would be locked to it."""
    database = Database(sqlite_database_url)
    with database.previewing() as db, closing(sqlite3.connect(database.engine.url.database or "", timeout=0)) as other:
        assert db.scalars(select(User)).all() == []
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("DELETE FROM users")
        db.add(User(email="a@example.org", name="A", password_hash="x", created_at=MOMENT))
        db.flush()
    with database.writing() as db:
        assert db.scalars(select(User)).all() == []
    database.close()


def test_sqlite_is_durable_and_checks_references(sqlite_database_url: str) -> None:
    database = Database(sqlite_database_url)
    with database.reading() as db:
        pragmas = {name: db.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "synchronous", "foreign_keys")}
    database.close()
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_a_missing_database_says_so() -> None:
    database = Database("sqlite:////nonexistent-folder/x.sqlite3")
    with database.reading() as db, pytest.raises(OperationalError):
        db.execute(text("SELECT 1"))
    database.close()
