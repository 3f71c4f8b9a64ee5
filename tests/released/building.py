"""Build a small database with the code of this version, as SQL text that later versions have to migrate."""

import sqlite3
from pathlib import Path

from keytrail.db import Database
from keytrail.schema import migrate
from keytrail.settings import Settings
from tests.conftest import FakeClock
from tests.requester.night_study import night_study

KEY = "the secret key of a database that tests keep"
TEXT = "Amber light on night wards went with half an hour more sleep."


def build(folder: Path) -> Path:
    """A study with one submission, typed and analysed; returns its SQLite file."""
    file = folder / "built.sqlite3"
    url = f"sqlite:///{file}"
    database = Database(url)
    migrate(database.engine)
    database.close()
    settings = Settings.model_validate(
        {"data_dir": folder, "database_url": url, "secret_key": KEY, "analysis_memory_mb": 0}
    )
    site = night_study(settings, FakeClock())
    work = site.hand(worker="W1")
    work.hand.types(TEXT)
    work.submit()
    site.database.close()
    return file


def dump(file: Path) -> str:
    """The database as SQL text.

    sqlite3's own dump writes a virtual table's parts and cannot be read in one go: the search is written as it is made.
    """
    connection = sqlite3.connect(file)
    try:
        search = [
            f"{sql};"
            for (sql,) in connection.execute(
                "SELECT sql FROM sqlite_master WHERE name LIKE 'submission_search%' AND sql IS NOT NULL "
                "AND (type = 'trigger' OR sql LIKE 'CREATE VIRTUAL%') ORDER BY type"
            )
        ]
        rest = [
            statement
            for statement in connection.iterdump()
            if "submission_search" not in statement and not statement.startswith("PRAGMA writable_schema")
        ]
    finally:
        connection.close()
    again = "INSERT INTO submission_search(submission_search) VALUES('rebuild');"
    return "\n".join([*rest, *search, again]) + "\n"


def load(sql: str, file: Path) -> None:
    """Make a database of such a text."""
    connection = sqlite3.connect(file)
    try:
        connection.executescript(sql)
    finally:
        connection.close()
