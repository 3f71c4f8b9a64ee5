"""Backups: a restore yields exactly what was backed up, on both databases, and a damaged file restores nothing."""

import os
import secrets
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import Mock

import pytest
from sqlalchemy import Table, delete, func, select, text
from typer.testing import CliRunner

from keytrail.cli import app
from keytrail.db import Database
from keytrail.errors import BadSettings, Conflict
from keytrail.key_rotation import KEY_CHECK, begin_rotation, check_value
from keytrail.models import InstallationFact, StudyFigures, Submission, WritingSession
from keytrail.operations.backup import DamagedBackup, copy_rows, read_backup, restore_backup, write_backup
from keytrail.operations.backup.rows import last_ids, moment_of, rows_of, tables
from keytrail.settings import Settings
from tests.cli.running import keytrail
from tests.cli.test_analysis import imported
from tests.conftest import FakeClock
from tests.requester.night_study import night_study
from tests.requester.site import Site

PASSPHRASE = "correct horse battery staple"
ROOT = b"r" * 64
NOW = datetime(2026, 3, 1, tzinfo=UTC)
STRANGE = "Nul \0, half of an emoji \ud83d, the escape \U0010fff0 and ünïcode"
_TABLES = "keytrail.operations.backup.archive.tables"
Lend = Callable[[str], AbstractContextManager[str]]


@pytest.fixture
def lend(request: pytest.FixtureRequest, sqlite_template: Path, tmp_path: Path) -> Lend:
    """Yield an empty, migrated database of a kind."""

    @contextmanager
    def lent(kind: str) -> Iterator[str]:
        if kind == "sqlite":
            shutil.copy(sqlite_template, tmp_path / "other.sqlite3")
            yield f"sqlite:///{tmp_path / 'other.sqlite3'}"
            return
        with request.getfixturevalue("postgres_databases").lent() as url:
            yield url

    return lent


@pytest.fixture
def site(make_settings: Callable[..., Settings], database_url: str, clock: FakeClock) -> Iterator[Site]:
    """A study with work, texts with characters that databases refuse, missing values, and ids of erased rows."""
    found = night_study(make_settings(database_url=database_url, secret_key=ROOT.decode()), clock)
    for number in range(3):
        work = found.hand()
        work.hand.types(f"Text {number}.")
        work.submit(text=STRANGE if number else None)
    with found.database.writing() as db:
        db.add(StudyFigures(key="prevalence:1", study_id=1, run=3, fingerprint=""))
        db.execute(delete(Submission).where(Submission.session_id == 3))
        db.execute(delete(WritingSession).where(WritingSession.id == 3))
    yield found
    found.database.close()


def contents(database: Database) -> dict[str, list[object]]:
    with moment_of(database.engine) as db:
        return {table.name: list(rows_of(db, table)) for table in tables()}


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_what_is_restored_is_what_was_there(site: Site, lend: Lend, kind: str, tmp_path: Path) -> None:
    file = tmp_path / "backup"
    counts = write_backup(site.database, ROOT, file, PASSPHRASE, NOW)
    assert b"Text 0" not in file.read_bytes()
    with lend(kind) as url:
        other = Database(url)
        with read_backup(file, PASSPHRASE) as backup:
            assert backup.header.secret_key == ROOT.decode()
            assert restore_backup(other, backup) == counts
        assert contents(other) == contents(site.database)
        assert (counts["submissions"], counts["writing_sessions"], counts["users"]) == (2, 2, 4)
        with other.writing() as db:
            texts = db.scalars(select(Submission.text).order_by(Submission.id)).all()
            assert texts[1] == STRANGE
            missing = select(func.count()).select_from(StudyFigures).where(text("body IS NULL"))
            assert db.scalar(missing) == 1
            session = db.scalars(select(WritingSession).limit(1)).one()
            copy = {c.name: getattr(session, c.name) for c in WritingSession.__table__.columns if c.name != "id"}
            again = WritingSession(**copy | {"state": "returned"})
            db.add(again)
            db.flush()
            assert again.id == 4, "the id of an erased session came again"
        other.close()
    with pytest.raises(Conflict, match="not empty"), read_backup(file, PASSPHRASE) as backup:
        restore_backup(site.database, backup)
    assert len(contents(site.database)["submissions"]) == 2


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_a_copy_is_what_was_there(site: Site, lend: Lend, kind: str) -> None:
    with lend(kind) as url:
        other = Database(url)
        copy_rows(site.database, other)
        assert contents(other) == contents(site.database)
        with moment_of(other.engine) as there, moment_of(site.database.engine) as here:
            assert last_ids(there)["writing_sessions"] == last_ids(here)["writing_sessions"] == 3
        other.close()


def test_a_backup_is_of_one_moment_and_holds_up_nobody(site: Site) -> None:
    table = Submission.metadata.tables["submissions"]
    with moment_of(site.database.engine) as db:
        before = list(rows_of(db, table))
        work = site.hand()
        work.hand.types("Meanwhile.")
        work.submit()
        assert list(rows_of(db, table)) == before
    assert len(contents(site.database)["submissions"]) == len(before) + 1


@pytest.fixture
def backup(sqlite_database_url: str, tmp_path: Path) -> Path:
    database = Database(sqlite_database_url)
    with database.writing() as db:
        row = "INSERT INTO sign_in_counts (subject, began_at, tries) VALUES (:subject, '2026-01-01 00:00:00', 1)"
        db.execute(text(row), [{"subject": secrets.token_hex(16)} for _ in range(9000)])
    write_backup(database, ROOT, tmp_path / "backup", PASSPHRASE, NOW)
    database.close()
    return tmp_path / "backup"


def test_two_backups_at_once_write_one_file_whole(
    sqlite_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second begins while the first is under way, and is done before."""
    database, file = Database(sqlite_database_url), tmp_path / "backup"

    def meanwhile() -> Sequence[Table]:
        monkeypatch.setattr(_TABLES, tables)
        write_backup(database, ROOT, file, PASSPHRASE, NOW)
        return tables()

    monkeypatch.setattr(_TABLES, meanwhile)
    with pytest.raises(BadSettings, match="already exists"):
        write_backup(database, ROOT, file, PASSPHRASE, NOW)
    database.close()
    with read_backup(file, PASSPHRASE) as found:
        assert found.header.secret_key == ROOT.decode()
    assert [each.name for each in tmp_path.iterdir() if "backup" in each.name] == ["backup"], "no other file is left"


def test_a_backup_that_cannot_be_written_says_so(
    sqlite_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(sqlite_database_url)
    with pytest.raises(BadSettings, match="No such file or directory"):
        write_backup(database, ROOT, tmp_path / "nowhere" / "backup", PASSPHRASE, NOW)
    monkeypatch.setattr(os, "fsync", Mock(side_effect=OSError(28, "No space left on device")))
    with pytest.raises(BadSettings, match="No space left on device"):
        write_backup(database, ROOT, tmp_path / "backup", PASSPHRASE, NOW)
    database.close()
    assert [each.name for each in tmp_path.iterdir() if "backup" in each.name] == []


def test_a_file_system_without_hard_links_gets_a_backup_too(
    sqlite_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "link", Mock(side_effect=PermissionError(1, "Operation not permitted")))
    database = Database(sqlite_database_url)
    write_backup(database, ROOT, tmp_path / "backup", PASSPHRASE, NOW)
    database.close()
    with read_backup(tmp_path / "backup", PASSPHRASE) as found:
        assert found.header.secret_key == ROOT.decode()


def test_a_key_that_was_replaced_meanwhile_gets_into_no_backup(sqlite_database_url: str, tmp_path: Path) -> None:
    """The command knows its key from before it asked for the passphrase."""
    database, replaced = Database(sqlite_database_url), b"s" * 64
    with database.writing() as db:
        db.add(InstallationFact(name=KEY_CHECK, value=check_value(ROOT)))
    with database.writing() as db:
        begin_rotation(db, ROOT, replaced, timedelta(0), NOW)
    with pytest.raises(Conflict, match="run the command again"):
        write_backup(database, ROOT, tmp_path / "backup", PASSPHRASE, NOW)
    assert not (tmp_path / "backup").exists()
    write_backup(database, replaced, tmp_path / "backup", PASSPHRASE, NOW)
    database.close()


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_truncated_backup_leaves_no_secret_key_behind(
    backup: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, quarters: int
) -> None:
    """Otherwise the next backup, of another installation, would not fit the key."""
    whole = backup.read_bytes()
    backup.write_bytes(whole[: len(whole) * quarters // 4])
    (tmp_path / "passphrase").write_text(PASSPHRASE)
    monkeypatch.chdir(tmp_path)
    restore = ["restore", str(backup), "--passphrase-file", "passphrase"]
    done = CliRunner().invoke(app, restore, env={"KEYTRAIL_DATA_DIR": "new"})
    assert isinstance(done.exception, DamagedBackup)
    assert not (tmp_path / "new" / "secret.key").exists()
    backup.write_bytes(whole)
    done = CliRunner().invoke(app, restore, env={"KEYTRAIL_DATA_DIR": "new"})
    assert (tmp_path / "new" / "secret.key").read_bytes() == ROOT, done.output


@pytest.mark.parametrize("spoil", ["empty", "head", "piece", "middle", "byte", "longer", "swapped", "passphrase"])
def test_a_damaged_backup_is_told_and_nothing_of_it_is_stored(backup: Path, lend: Lend, spoil: str) -> None:
    whole = backup.read_bytes()
    piece, head = 64 * 1024 + 16, whole.index(b"\n") + 1 + 16 + 7
    assert len(whole) > head + 2 * piece, "three pieces at least"
    first, second = whole[head : head + piece], whole[head + piece : head + 2 * piece]
    spoiled = {
        "empty": b"",
        "head": whole[:20],
        "piece": whole[: head + piece],
        "middle": whole[:-100],
        "byte": whole[:-100] + bytes([whole[-100] ^ 1]) + whole[-99:],
        "longer": whole + b"x",
        "swapped": whole[:head] + second + first + whole[head + 2 * piece :],
        "passphrase": whole,
    }[spoil]
    backup.write_bytes(spoiled)
    passphrase = "another passphrase" if spoil == "passphrase" else PASSPHRASE
    with lend("sqlite") as url:
        other = Database(url)
        with pytest.raises(DamagedBackup), read_backup(backup, passphrase) as found:
            restore_backup(other, found)
        assert sum(map(len, contents(other).values())) == 0
        other.close()


def test_a_backup_of_another_schema_and_a_file_that_is_there_are_refused(backup: Path, lend: Lend) -> None:
    with lend("sqlite") as url:
        other = Database(url)
        with pytest.raises(BadSettings, match="already exists"):
            write_backup(other, ROOT, backup, PASSPHRASE, NOW)
        with other.writing() as db:
            db.execute(text("UPDATE alembic_version SET version_num = 'another'"))
        with pytest.raises(BadSettings, match="Install the version"), read_backup(backup, PASSPHRASE) as found:
            restore_backup(other, found)
        other.close()


def test_the_commands_bring_an_installation_to_another_machine(tmp_path: Path) -> None:
    """With the secret key, and never over another one."""
    (old := tmp_path / "old").mkdir()
    (new := tmp_path / "new").mkdir()
    words = tmp_path / "passphrase"
    words.write_text(PASSPHRASE + "\n")
    imported(old)
    made = keytrail("backup", str(tmp_path / "b"), "--passphrase-file", str(words), data=old)
    assert made.returncode == 0, made.stderr
    assert (tmp_path / "b").stat().st_mode & 0o777 == 0o600
    done = keytrail("restore", str(tmp_path / "b"), "--passphrase-file", str(words), data=new)
    assert "Restored" in done.stdout, done.stderr
    assert (new / "secret.key").read_bytes() == (old / "secret.key").read_bytes()
    assert (new / "secret.key").stat().st_mode & 0o777 == 0o600
    assert "Checked 1 batch of 1 session: everything fits." in done.stdout
    again = keytrail("restore", str(tmp_path / "b"), "--passphrase-file", str(words), data=new)
    assert (again.returncode, "not empty" in again.stderr) == (2, True)
    (foreign := tmp_path / "foreign").mkdir()
    assert keytrail("migrate", data=foreign).returncode == 0
    (foreign / "secret.key").write_text("k" * 64)
    refused = keytrail("restore", str(tmp_path / "b"), "--passphrase-file", str(words), data=foreign)
    assert (refused.returncode, "another secret key" in refused.stderr) == (2, True)
