import json
import sqlite3
from pathlib import Path

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
    assert done.stdout == "Checked 1 batch of 1 session: everything fits.\n"


def test_what_does_not_fit_is_listed(tmp_path: Path) -> None:
    data = tmp_path / "data"
    imported(data)
    with sqlite3.connect(data / "keytrail.sqlite3") as database:
        database.execute("UPDATE event_batches SET wall_ms = 1")
        database.execute("UPDATE submissions SET text = 'abc'")
        (public_id,) = database.execute("SELECT public_id FROM submissions").fetchone()
        (slug,) = database.execute("SELECT slug FROM studies").fetchone()
    database.close()
    done = keytrail("verify", "--study", slug, data=data)
    assert done.returncode == 1
    name = f"submission {public_id}"
    assert done.stdout.splitlines() == [
        f"{name}: page load 0, batch 0 (events 0 to 2): is not as it was stored, or not where it was stored.",
        f"{name}: the text is not the one that was analysed.",
        "Checked 1 batch of 1 session: 1 do not fit.",
    ]


def test_an_unknown_study_is_said(tmp_path: Path) -> None:
    imported(tmp_path / "data")
    done = keytrail("verify", "--study", "nowhere", data=tmp_path / "data")
    assert done.returncode == 2
    assert "no study" in done.stderr
