"""A demo is set up completely or not at all, whatever happened before."""

from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from keytrail.db import Database
from keytrail.demo.market_account import market_account
from keytrail.demo.setting_up import set_up_demo, try_urls
from keytrail.demo.studies import ABSTRACTS, COMPARED, GERMAN, RECORDED, DemoStudy
from keytrail.models import Study, Submission, User
from keytrail.sandbox import SandboxConfig
from keytrail.settings import Settings, load_settings

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("KEYTRAIL_DATA_DIR", str(tmp_path))
    return load_settings(database_url=f"sqlite:///{tmp_path / 'keytrail.sqlite3'}")


def set_up(settings: Settings) -> str:
    """A demo in which nobody has worked; the password."""
    keys = market_account(settings.data_dir)
    config = SandboxConfig(
        database=settings.data_dir / "sandbox.sqlite3",
        public_origin="http://localhost:8001",
        access_key=keys.access_key,
        secret_key=keys.secret_key,
    )
    return set_up_demo(settings, config, None, NOW, Console(file=StringIO())).password


def test_a_demo_without_work_has_its_studies(settings: Settings) -> None:
    set_up(settings)
    database = Database(settings.database)
    with database.reading() as db:
        assert set(db.scalars(select(Study.slug))) == {study.slug for study in RECORDED}
        assert db.scalars(select(Submission.id)).all() == []
    database.close()


def test_only_studies_that_are_there_can_be_tried(settings: Settings) -> None:
    set_up(settings)
    assert set(try_urls(settings)) == {study.slug for study in RECORDED}
    database = Database(settings.database)
    with database.writing() as db:
        db.execute(delete(Study).where(Study.slug == COMPARED.slug))
    database.close()
    left = (ABSTRACTS, GERMAN)
    assert try_urls(settings) == {study.slug: f"{settings.public_url}/task/{study.slug}" for study in left}


def test_a_demo_that_was_cut_short_is_made_anew(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(_study: DemoStudy, _db: Session, _owner: User, _now: datetime) -> Study:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(DemoStudy, "add", stop)
        with pytest.raises(KeyboardInterrupt):
            set_up(settings)
    assert not (settings.data_dir / "keytrail.sqlite3").exists()
    assert not (settings.data_dir / "demo-account.json").exists()
    password = set_up(settings)
    assert set_up(settings) == password
    assert not (settings.data_dir / "unfinished").exists()
