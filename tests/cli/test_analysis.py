import json
import re
import shutil
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.cli.running import keytrail

WIRE = {
    "v": 1,
    "session": "s1",
    "item": "The source.",
    "text": "ab",
    "events": [[0, "E", {"v": "1"}], [9, "k", "KeyA", "a", 0], [1, "e", 0, 0, "ab", "insertText", 2]],
}


def imported(data: Path, **more: str) -> None:
    """An installation with one imported session."""
    file = data.parent / "sessions.jsonl"
    file.write_text(json.dumps(WIRE | more) + "\n")
    done = keytrail("import", "wire", str(file), data=data)
    assert done.returncode == 0, done.stderr


def test_what_fits_is_said(tmp_path: Path) -> None:
    imported(tmp_path / "data")
    done = keytrail("verify", data=tmp_path / "data")
    assert done.returncode == 0, done.stderr
    checked, newest = done.stdout.splitlines()
    assert checked == "Checked 1 batch of 1 session: everything fits."
    assert newest.startswith(f"The newest page load with events is dated {datetime.now(UTC).year}-")


def test_what_does_not_fit_is_listed(tmp_path: Path) -> None:
    data = tmp_path / "data"
    imported(data)
    with sqlite3.connect(data / "keytrail.sqlite3") as database:
        database.execute("UPDATE event_batches SET stamp = CAST(x'00000001' || substr(stamp, -16) AS BLOB)")
        database.execute("UPDATE submissions SET text = 'abc'")
        (public_id,) = database.execute("SELECT public_id FROM submissions").fetchone()
        (slug,) = database.execute("SELECT slug FROM studies").fetchone()
    database.close()
    done = keytrail("verify", "--study", slug, data=data)
    assert done.returncode == 1
    name = f"submission {public_id}"
    assert done.stdout.splitlines()[:-1] == [
        f"{name}: page load 0, batch 0 (events 0 to 2): is not as it was stored, or not where it was stored.",
        f"{name}: the text is not the one that was analysed.",
        "Checked 1 batch of 1 session: 1 do not fit.",
    ]


@pytest.mark.parametrize("column", ["stamp", "body"])
def test_text_in_the_place_of_bytes_does_not_fit(tmp_path: Path, column: str) -> None:
    data = tmp_path / "data"
    imported(data)
    with sqlite3.connect(data / "keytrail.sqlite3") as database:
        database.execute(f"UPDATE event_batches SET {column} = 'abc'")
    database.close()
    done = keytrail("verify", data=data)
    assert (done.returncode, "Traceback" in done.stderr) == (1, False), done.stderr
    misfit, checked, *_ = done.stdout.splitlines()
    assert misfit.endswith(": the log has values that Keytrail does not write, so it was changed.")
    assert checked == "Checked 0 batches of 1 session: 1 do not fit."


def test_an_empty_copy_does_not_fit(tmp_path: Path) -> None:
    """As people copy a running server: the file of the database alone, while what was written stands in its log."""
    data, copy = tmp_path / "data", tmp_path / "copy"
    data.mkdir()
    with sqlite3.connect(data / "keytrail.sqlite3", isolation_level=None) as running:
        running.execute("PRAGMA journal_mode=WAL")
        running.execute("BEGIN")
        running.execute("SELECT * FROM sqlite_master").fetchall()  # a reader, for whom the file stays as it is
        imported(data)
        copy.mkdir()
        for name in ("keytrail.sqlite3", "secret.key"):
            shutil.copy(data / name, copy / name)
        done = keytrail("verify", data=copy)
        assert (done.returncode, done.stdout) == (2, "")
        assert "This database is empty" in done.stderr
        running.execute("COMMIT")
        running.execute("DELETE FROM submissions")
        running.execute("DELETE FROM writing_sessions")
        done = keytrail("verify", data=data)
        assert done.returncode == 1
        assert "Nothing was checked: there is no writing session." in done.stdout
    running.close()


def test_a_statement_tells_an_older_copy_from_a_newer_one(tmp_path: Path) -> None:
    data, old = tmp_path / "data", tmp_path / "old"
    statement = str(tmp_path / "statement.json")
    imported(data)
    shutil.copytree(data, old)
    assert keytrail("verify", "--statement", statement, data=data).returncode == 0
    imported(data, session="s2")
    done = keytrail("verify", "--statement", statement, data=data)
    assert done.returncode == 0, done.stdout
    written = Path(statement).read_text()
    done = keytrail("verify", "--statement", statement, data=old)
    assert done.returncode == 1
    assert re.search("^1 session that had begun by .* is missing.$", done.stdout, re.MULTILINE)
    assert Path(statement).read_text() == written, "what shows the loss is kept"
    Path(statement).write_text(written.replace('"sessions_begun": 2', '"sessions_begun": 1'))
    done = keytrail("verify", "--statement", statement, data=old)
    assert (done.returncode, "was changed" in done.stderr) == (2, True)


def test_an_unknown_study_is_said(tmp_path: Path) -> None:
    imported(tmp_path / "data")
    done = keytrail("verify", "--study", "nowhere", data=tmp_path / "data")
    assert done.returncode == 2
    assert "no study" in done.stderr
