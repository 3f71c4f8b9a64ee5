"""An import does not lock the database between two sessions."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from typer.testing import CliRunner

from keytrail.cli import app
from keytrail.db import Database
from keytrail.models import Study
from keytrail.provenance import Report
from keytrail.review.analysis import background
from keytrail.review.analysis.background import analyse_stored


def line(session: str) -> str:
    events = [[0, "i", "empty", 0, 2166136261], [900, "k", "KeyA", "a", 0], [1, "e", 0, 0, "a", "insertText", 2]]
    return json.dumps({"v": 1, "session": session, "item": "Source.", "text": "a", "events": events})


def test_analysing_what_was_imported_holds_nobody_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def beside_a_writer(database: Database, submission_id: int, *rest: Any) -> Report | None:
        with database.writing() as db:
            db.execute(update(Study).values(title=f"Changed beside {submission_id}"))
        return analyse_stored(database, submission_id, *rest)

    monkeypatch.setattr(background, "analyse_stored", beside_a_writer)
    (tmp_path / "two.jsonl").write_text(f"{line('a')}\n{line('b')}\n")
    done = CliRunner().invoke(app, ["import", "wire", "two.jsonl"], env={"KEYTRAIL_DATA_DIR": "data"})
    assert "Imported 2 sessions into 'two'" in done.output, done.output


def test_an_import_that_was_interrupted_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    (tmp_path / "two.jsonl").write_text(f"{line('a')}\n{line('b')}\n")
    environment = {"KEYTRAIL_DATA_DIR": "data"}
    with monkeypatch.context() as patched:
        patched.setattr(background, "analyse_stored", interrupted)
        assert CliRunner().invoke(app, ["import", "wire", "two.jsonl"], env=environment).exit_code != 0
    again = CliRunner().invoke(app, ["import", "wire", "two.jsonl"], env=environment)
    assert "Imported 1 session into 'two'. Already there: 1." in again.output
    assert "Analysed 1" in CliRunner().invoke(app, ["analyse"], env=environment).output


def test_the_share_of_a_text_without_a_log_is_not_known(tmp_path: Path) -> None:
    no_log = json.dumps({"v": 1, "session": "b", "item": "Source.", "text": "Never recorded.", "events": []})
    (tmp_path / "two.jsonl").write_text(f"{line('a')}\n{no_log}\n")
    environment = {"KEYTRAIL_DATA_DIR": "data", "COLUMNS": "200"}
    done = CliRunner().invoke(app, ["import", "wire", "two.jsonl"], env=environment)
    printed = [[cell.strip() for cell in row.split("│")[1:-1]] for row in done.output.splitlines() if "│" in row]
    assert [(cells[0], cells[2], cells[6]) for cells in printed] == [
        ("a", "clear", "0 %"),
        ("b", "unverifiable", "not known"),
    ]
