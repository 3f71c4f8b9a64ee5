"""Commands on folders, disks, passphrases and databases that are not as expected say so in a sentence."""

import errno
import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest.mock import Mock

import pytest
from sqlalchemy import text

from keytrail.cli import main
from keytrail.db import Database
from tests.cli.running import COMMAND, clean_environment

Run = Callable[..., tuple[int, str]]
PASSPHRASE = "Zwölf Boxkämpfer jagen Viktor"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Run a command as a shell would, in this process; its exit code and what it printed."""

    def ran(data: Path | str, *arguments: str) -> tuple[int, str]:
        monkeypatch.setenv("KEYTRAIL_DATA_DIR", str(data))
        monkeypatch.setattr(sys, "argv", ["keytrail", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        captured = capsys.readouterr()
        return int(ended.value.code or 0), captured.out + captured.err

    before = os.umask(0)  # a command changes it
    os.umask(before)
    yield ran
    os.umask(before)


@pytest.fixture
def words(tmp_path: Path) -> str:
    file = tmp_path / "Paßwort 1"
    file.write_text(PASSPHRASE + "\n")
    return str(file)


def test_blanks_and_umlauts_in_every_path(run: Run, tmp_path: Path, words: str) -> None:
    old, new, file = tmp_path / "Daten für 2026", tmp_path / "neü er", str(tmp_path / "Sicherung ä")
    assert run(old, "user", "add", "a@example.org", "--password", "a long password")[0] == 0
    assert run(old, "backup", file, "--passphrase-file", words)[0] == 0
    assert "Restored 2 rows" in run(new, "restore", file, "--passphrase-file", words)[1]
    assert "a@example.org" in run(new, "user", "list")[1]
    code, said = run(new, "restore", file, "--passphrase-file", words)
    assert (code, "is not empty" in said) == (2, True)
    assert "a@example.org" in run(new, "user", "list")[1], "the installation that was there"
    copy = f"sqlite:///{tmp_path / 'Köpie 1.sqlite3'}"
    assert "Copied 2 rows" in run(new, "copy-database", copy)[1]


def test_a_data_folder_that_is_a_file(run: Run, tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    code, said = run(tmp_path / "data", "user", "list")
    assert (code, "data cannot be used: File exists" in said) == (2, True)


def test_a_secret_key_that_cannot_be_read(run: Run, tmp_path: Path) -> None:
    """A folder in its place: a test's user may be root, who may read everything."""
    assert run("data", "user", "add", "a@example.org", "--password", "a long password")[0] == 0
    (key := Path("data/secret.key")).unlink()
    key.mkdir()
    code, said = run("data", "user", "list")
    assert (code, "secret.key cannot be used: Is a directory" in said) == (2, True)
    code, said = run("data", "doctor")
    assert (code, "FAIL  secret key: It cannot be read" in said, "traces" in said) == (1, True, True)


def test_a_damaged_secret_key_does_not_end_the_diagnosis(run: Run) -> None:
    assert run("data", "user", "add", "a@example.org", "--password", "a long password")[0] == 0
    Path("data/secret.key").write_text("short")
    code, said = run("data", "doctor")
    assert (code, "is damaged" in said, "traces" in said) == (1, True, True)


def test_a_disk_that_is_full_when_the_key_is_made(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", Mock(side_effect=OSError(errno.ENOSPC, "No space left on device")))
    code, said = run("data", "user", "list")
    assert (code, "could not be written: No space left on device. Make room" in said) == (2, True)
    assert [file.name for file in Path("data").iterdir() if "secret" in file.name] == []


def test_a_disk_that_is_full_during_a_restore(run: Run, tmp_path: Path, words: str) -> None:
    """The limit is the process's: no file of its may grow beyond it."""
    assert run("old", "user", "add", "a@example.org", "--password", "a long password")[0] == 0
    assert run("old", "backup", "file", "--passphrase-file", words)[0] == 0
    done = subprocess.run(
        [*COMMAND, "restore", "file", "--passphrase-file", words],
        env=clean_environment(tmp_path / "new"),
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000)),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, "keytrail: The database cannot be used" in done.stderr) == (2, True), done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "new" / "secret.key").exists()
    assert "Restored 2 rows" in run("new", "restore", "file", "--passphrase-file", words)[1]


def test_a_database_that_cannot_be_used(run: Run) -> None:
    Path("data").mkdir()
    Path("data/keytrail.sqlite3").write_bytes(b"no database" * 1000)
    code, said = run("data", "doctor")
    assert (code, "FAIL  database: It cannot be used: file is not a database." in said) == (1, True)
    assert "correct KEYTRAIL_DATA_DIR" in said


@pytest.mark.parametrize("content", [b"\xffno text, long enough", b""], ids=["not UTF-8", "empty"])
def test_a_passphrase_that_is_none(run: Run, content: bytes) -> None:
    assert run("data", "user", "add", "a@example.org", "--password", "a long password")[0] == 0
    Path("words").write_bytes(content)
    code, said = run("data", "backup", "file", "--passphrase-file", "words")
    assert code == 2
    assert "is not UTF-8 text" in said or "at least 12 characters" in said
    assert not Path("file").exists()


def test_a_newer_database_is_not_called_out_of_date(run: Run) -> None:
    """To migrate it would not help."""
    assert run("data", "user", "add", "a@example.org", "--password", "a long password")[0] == 0
    database = Database("sqlite:///data/keytrail.sqlite3")
    with database.writing() as db:
        db.execute(text("UPDATE alembic_version SET version_num = 'fromthefuture'"))
    database.close()
    for command in (("user", "list"), ("verify",), ("migrate",)):
        code, said = run("data", *command)
        assert (code, "another version of Keytrail, newer than this one" in said) == (2, True), command
    code, said = run("data", "doctor")
    assert (code, "What to do: Install the version that made it." in said) == (1, True)


def test_a_backup_of_a_newer_version_names_it(run: Run, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("data", "user", "add", "a@example.org", "--password", "a long password")[0] == 0
    with monkeypatch.context() as patched:
        patched.setattr("keytrail.operations.backup.archive.revision_of", lambda _db: "fromthefuture")
        patched.setattr("keytrail.operations.backup.archive.__version__", "9.1")
        assert run("data", "backup", "file", "--passphrase-file", words)[0] == 0
    code, said = run("new", "restore", "file", "--passphrase-file", words)
    assert (code, "made by Keytrail 9.1, which is newer than this one" in said) == (2, True)
    assert not Path("new/secret.key").exists()
