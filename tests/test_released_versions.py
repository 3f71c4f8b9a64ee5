"""Databases of every released version migrate to this one, with what they hold."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from keytrail.db import Database
from keytrail.key_check import open_keyring
from keytrail.models import StoredReport, Submission, Worker
from keytrail.schema import drift, migrate
from keytrail.settings import Settings
from tests.released.building import KEY, TEXT, build, dump, load

ROOT = Path(__file__).parents[1]
KEPT = sorted((ROOT / "tests" / "released").glob("*.sql"))
_RELEASED = re.compile(r"^## (\d+\.\d+\.\d+) \((\S+)\)$", re.MULTILINE)


def require_migrated(sql: str, tmp_path: Path, make_settings: Callable[..., Settings]) -> None:
    load(sql, tmp_path / "migrated.sqlite3")
    url = f"sqlite:///{tmp_path / 'migrated.sqlite3'}"
    database = Database(url)
    try:
        migrate(database.engine)
        assert drift(database.engine) == []
        open_keyring(make_settings(secret_key=KEY, database_url=url), database)
        with database.reading() as db:
            assert [one.text for one in db.scalars(select(Submission))] == [TEXT]
            (report,) = db.scalars(select(StoredReport))
            assert report.body
            assert report.verdict
            assert len(db.scalars(select(Worker)).all()) == 1
    finally:
        database.close()


def released(changelog: str) -> list[str]:
    """The versions that a changelog gives a date."""
    return [version for version, when in _RELEASED.findall(changelog) if when != "unreleased"]


@pytest.mark.parametrize("kept", KEPT, ids=lambda path: path.stem)
def test_a_database_of_a_released_version_migrates(
    kept: Path, tmp_path: Path, make_settings: Callable[..., Settings]
) -> None:
    require_migrated(kept.read_text(encoding="utf-8"), tmp_path, make_settings)


def test_a_database_of_this_version_can_be_kept(tmp_path: Path, make_settings: Callable[..., Settings]) -> None:
    """So that the release can keep one, and this test is not first tried then."""
    require_migrated(dump(build(tmp_path)), tmp_path, make_settings)


def test_every_released_version_is_kept() -> None:
    assert released("## 0.3.0 (unreleased)\n\n## 0.2.0 (2027-01-31)\n") == ["0.2.0"]
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert "## 0.2.0 (" in changelog
    assert released(changelog) == [path.stem for path in reversed(KEPT)]
