"""Deciding and exporting from the command line."""

import csv
import json
from pathlib import Path
from zipfile import ZipFile

from tests.cli.running import keytrail
from tests.cli.test_analysis import WIRE

BY = ("--by", "ann@example.org")


def exported(data: Path, name: str) -> list[dict[str, str]]:
    done = keytrail("export", "table", "sessions", name, "out.csv", data=data)
    assert done.returncode == 0, done.stderr
    with (data.parent / "out.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_decision_by_command_is_recorded_and_exported(tmp_path: Path) -> None:
    data = tmp_path / "data"
    keytrail("user", "add", "ann@example.org", data=data)
    (tmp_path / "sessions.jsonl").write_text(json.dumps(WIRE) + "\n")
    keytrail("import", "wire", "sessions.jsonl", "--owner", "ann@example.org", data=data)
    [row] = exported(data, "submissions")
    wrong = keytrail("decide", "approve", row["submission"], *BY, data=data)
    assert (wrong.returncode, "Choose one of: accept, exclude" in wrong.stderr) == (2, True)
    both = keytrail("decide", "accept", row["submission"], "nowhere", *BY, data=data)
    assert (both.returncode, "no such submission" in both.stderr) == (2, True)
    assert exported(data, "decisions") == []
    done = keytrail("decide", "accept", row["submission"], "--note", "Fine.", *BY, data=data)
    # Nobody is paid for imported work.
    assert done.stdout == "Decided: accept, 1 submission.\n"
    assert [(one["kind"], one["note"]) for one in exported(data, "decisions")] == [("accept", "Fine.")]
    assert keytrail("export", "all", "sessions", "all.zip", "--format", "jsonl", data=data).returncode == 0
    with ZipFile(tmp_path / "all.zip") as archive:
        assert {"codebook.md", "data-card.md", "load.py"} <= set(archive.namelist())
        assert json.loads(archive.read("decisions.jsonl"))["note"] == "Fine."
    assert "There is no table 'texts'" in keytrail("export", "table", "sessions", "texts", "x", data=data).stderr
