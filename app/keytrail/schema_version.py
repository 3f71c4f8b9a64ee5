"""Check whether a database has the newest schema. Without Alembic, whose import takes a fifth of a second."""

import re
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from keytrail.errors import BadSettings, OtherVersion
from keytrail.resources import MIGRATIONS

_REVISION = re.compile(r'^(down_)?revision\b[^=\n]*= *"(\w+)"$', re.MULTILINE)
_TABLE = "alembic_version"


def migrate_if_fresh(engine: Engine) -> None:
    """Create the tables of an empty SQLite database, where a migration can do no harm."""
    if engine.dialect.name == "sqlite" and not inspect(engine).get_table_names():
        from keytrail.schema import migrate  # noqa: PLC0415  # only here

        migrate(engine)


def require_tables(engine: Engine) -> None:
    """Raises BadSettings if the database is empty, as a copy of the file of a running SQLite server is."""
    if not inspect(engine).get_table_names():
        raise BadSettings(
            "This database is empty: it has no tables. Check KEYTRAIL_DATA_DIR and KEYTRAIL_DATABASE_URL. A copy of "
            "keytrail.sqlite3 alone, made while the server ran, may be empty or old: make copies by 'keytrail backup'."
        )


def is_current(engine: Engine) -> bool:
    """Return whether the database has every migration."""
    with engine.connect() as connection:
        return _applied(connection) == newest_revisions()


def is_of_other_version(engine: Engine) -> bool:
    """Return whether the database has a migration that this version does not know, so that it cannot migrate it."""
    with engine.connect() as connection:
        return not _applied(connection) <= known_revisions()


def revision_of(connection: Connection) -> str:
    """The newest migration that was applied; empty if there is none."""
    return min(_applied(connection), default="")


def require_current(engine: Engine) -> None:
    """Raises BadSettings if the database lacks a migration."""
    if is_current(engine):
        return
    if is_of_other_version(engine):
        raise OtherVersion
    raise BadSettings("The database is not up to date. Run 'keytrail migrate', then start again.")


@cache
def newest_revisions() -> frozenset[str]:
    """The migrations in our folder on which no other one builds: one, unless somebody merges badly."""
    return known_revisions() - {match[2] for match in _found() if match[1]}


@cache
def known_revisions() -> frozenset[str]:
    """Every migration in our folder."""
    return frozenset(match[2] for match in _found() if not match[1])


def _found() -> list[re.Match[str]]:
    return [match for path in (MIGRATIONS / "versions").glob("*.py") for match in _REVISION.finditer(_read(path))]


def _applied(connection: Connection) -> frozenset[str]:
    if not inspect(connection).has_table(_TABLE):
        return frozenset()
    return frozenset(connection.scalars(text(f"SELECT version_num FROM {_TABLE}")))


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")
