"""Files that commands leave behind are for the server's user alone, whatever the shell's umask is."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.running import keytrail
from tests.cli.test_analysis import imported

OTHERS = 0o077
STUDY = "sessions"


@pytest.fixture(autouse=True)
def _usual_umask() -> Iterator[None]:
    """That of most systems, with which new files are readable by everybody."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def open_to_others(folder: Path) -> list[str]:
    """The folder and what is in it, at any depth, as far as other users have a permission on it."""
    return [str(path) for path in (folder, *folder.rglob("*")) if path.stat().st_mode & OTHERS]


def run(*arguments: str, data: Path) -> None:
    done = keytrail(*arguments, data=data)
    assert done.returncode == 0, (arguments, done.stderr)


def test_what_commands_write_into_the_data_folder(tmp_path: Path) -> None:
    """Database, keys, a backup, and exports of every kind."""
    data = tmp_path / "data"
    (words := tmp_path / "passphrase").write_text("correct horse battery staple\n")
    imported(data)
    run("backup", str(data / "backup"), "--passphrase-file", str(words), data=data)
    for file_format in ("csv", "xlsx", "jsonl", "parquet"):
        written = data / f"submissions.{file_format}"
        run("export", "table", STUDY, "submissions", str(written), "--format", file_format, data=data)
    run("export", "all", STUDY, str(data / "all.zip"), data=data)
    run("export", "wire", STUDY, str(data / "sessions.jsonl"), data=data)
    run("export", "idfx", STUDY, str(data / "idfx"), data=data)
    run("rotate-key", data=data)
    names = {path.name for path in data.iterdir()}
    assert {"keytrail.sqlite3", "secret.key", "backup", "all.zip", "sessions.jsonl", "idfx"} <= names
    assert list((data / "idfx").iterdir())
    assert open_to_others(data) == []


def test_what_a_restore_writes(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    (words := tmp_path / "passphrase").write_text("correct horse battery staple\n")
    imported(old)
    run("backup", str(tmp_path / "backup"), "--passphrase-file", str(words), data=old)
    run("restore", str(tmp_path / "backup"), "--passphrase-file", str(words), data=new)
    assert (new / "secret.key").exists()
    assert open_to_others(new) == []


def test_a_folder_that_was_open_is_closed_by_the_next_command(tmp_path: Path) -> None:
    data = tmp_path / "data"
    imported(data)
    data.chmod(0o755)
    for name in ("keytrail.sqlite3", "secret.key"):
        (data / name).chmod(0o644)
    run("verify", data=data)
    assert open_to_others(data) == []
