"""The command: its output, the files in its folder, and a second start."""

import os
import re
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import httpx2
import pytest

from tests.cli.running import COMMAND, clean_environment
from tests.demo.conftest import Made
from tests.demo.running import Demo

pytestmark = pytest.mark.xdist_group("demo")

KEPT = ("email", "password", "api_token")


def rows(folder: Path) -> dict[str, int]:
    """How many rows each table of both databases has."""
    counted = {}
    for name in ("keytrail.sqlite3", "sandbox.sqlite3"):
        with closing(sqlite3.connect(folder / name)) as database:
            tables = [row[0] for row in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
            for table in tables:
                counted[f"{name} {table}"] = database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
    return counted


def test_the_demo_tells_programs_everything_and_answers(demo: Demo) -> None:
    told = demo.told
    assert set(told) == {
        "frame_url", "market_url", "task_url", "dashboard_url", "email", "password", "api_url", "api_token", "study"
    }  # fmt: skip
    task = httpx2.get(told["task_url"], timeout=60)
    frame = httpx2.get(told["frame_url"], timeout=60)
    assert task.status_code == frame.status_code == 200
    assert told["task_url"] in frame.text
    assert "localhost" in told["frame_url"]
    assert "127.0.0.1" in told["task_url"]
    headers = {"authorization": f"Bearer {told['api_token']}"}
    listed = httpx2.get(f"{told['api_url']}/studies/{told['study']}/submissions", headers=headers, timeout=60).json()
    assert {row["verdict"] for row in listed["items"]} >= {"clear", "strong"}


def test_it_stops_cleanly_and_a_second_start_adds_nothing(made: Made, tmp_path: Path) -> None:
    assert made.status == 0
    again = Demo(shutil.copytree(made.folder, tmp_path / "demo"))
    try:
        assert {name: again.told[name] for name in KEPT} == {name: made.told[name] for name in KEPT}
        assert again.stop() == 0
    finally:
        again.kill()
    assert rows(again.data) == rows(made.folder)
    for name in ("secret.key", "demo-account.json", "aws-credentials"):
        assert os.stat(again.data / name).st_mode & 0o077 == 0  # noqa: PTH116  # mode bits
    assert not (again.data / "unfinished").exists()


def test_published_tasks_follow_keytrail_to_another_port(demo: Demo) -> None:
    with closing(sqlite3.connect(demo.data / "sandbox.sqlite3")) as market:
        questions = [row[0] for row in market.execute("SELECT question FROM hits")]
    here = demo.told["task_url"].rpartition("/task/")[0]
    assert {re.findall(r"http://127[^/]*", question)[0] for question in questions} == {here}
    with closing(sqlite3.connect(demo.data / "keytrail.sqlite3")) as database:
        published = "SELECT count(*) FROM items JOIN studies ON studies.id = study_id WHERE state != 'draft'"
        assert len(questions) == database.execute(published).fetchone()[0]


def test_a_taken_port_is_named(tmp_path: Path, demo: Demo) -> None:
    port = demo.told["task_url"].split(":")[2].split("/")[0]
    done = subprocess.run(
        [*COMMAND, "demo", "--port", port, "--data", str(tmp_path / "other")],
        env=clean_environment(tmp_path / "other"),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert f"Port {port} is taken" in done.stderr
