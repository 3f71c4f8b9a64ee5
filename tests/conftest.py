"""Databases, clocks and applications that all tests share."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import botocore.session
import pytest
from argon2 import PasswordHasher
from botocore.loaders import create_loader

from keytrail.db import Database
from keytrail.keyring import Keyring
from keytrail.language import catalogues as language_catalogues
from keytrail.language import languages
from keytrail.schema import migrate
from keytrail.settings import Settings
from keytrail.users import hashing
from tests.postgres import PostgresDatabases, postgres_server
from tests.statements import share_compiled_statements


class FakeClock:
    """A clock that moves only when a test moves it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **span: float) -> None:
        self.now += timedelta(**span)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def keyring() -> Keyring:
    return Keyring(b"a root secret that only tests know")


@pytest.fixture(autouse=True)
def _no_stray_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Tests must not read the developer's own .env or data folder."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session", autouse=True)
def _prepared_once() -> Iterator[None]:
    """What every engine and every AWS client would work out anew: compiled statements, AWS's service models.

    And passwords are hashed by argon2, but quickly (tests/users/test_hashing.py has the server's own parameters).
    """
    with pytest.MonkeyPatch.context() as patched:
        share_compiled_statements(patched)
        patched.setattr(hashing, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        patched.setattr(botocore.session, "create_loader", cache(create_loader))
        yield


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("template") / "keytrail.sqlite3"
    database = Database(f"sqlite:///{path}")
    migrate(database.engine)
    database.close()
    return path


@pytest.fixture(scope="session")
def postgres_databases() -> Iterator[PostgresDatabases]:
    """A server with a migrated template database."""
    with postgres_server() as url:
        databases = PostgresDatabases(url)
        yield databases
        databases.close()


@pytest.fixture
def sqlite_database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A fresh migrated SQLite database."""
    path = tmp_path / "keytrail.sqlite3"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A fresh migrated database: the test runs once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_database_url")
        return
    with request.getfixturevalue("postgres_databases").lent() as url:
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """Both databases in turn."""
    found = Database(database_url)
    yield found
    found.close()


@pytest.fixture
def make_settings(tmp_path: Path) -> Callable[..., Settings]:
    """Settings for a test's own data folder; keyword arguments override."""

    def make(**overrides: object) -> Settings:
        # Analyses happen at once and in the test's own process, unless a test is about the process of their own.
        values = {"data_dir": tmp_path / "data", "public_url": "http://keytrail.test", "analysis_memory_mb": 0}
        return Settings.model_validate(values | overrides)

    return make


@pytest.fixture
def catalogues(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder of catalogues in the place of `locales`."""
    folder = tmp_path / "made-up-locales"
    folder.mkdir()
    monkeypatch.setattr(language_catalogues, "LOCALES", folder)
    languages.cache_clear()
    yield folder
    languages.cache_clear()
