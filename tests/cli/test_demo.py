import json
import os
import signal
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.cli.running import COMMAND, clean_environment


class Demo:
    """`keytrail demo --json` in a process of its own."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.process = subprocess.Popen(
            [*COMMAND, "demo", "--port", "0", "--data", str(data), "--json"],
            cwd=data.parent,
            env=clean_environment(data),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self.process.stdout is not None
        with self.process.stdout as output:
            self.told: dict[str, Any] = json.loads(output.readline())

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=30)


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    running = Demo(tmp_path / "demo")
    yield running
    if running.process.poll() is None:
        running.process.kill()
        running.process.wait()


def test_the_demo_tells_programs_everything_and_answers(demo: Demo, tmp_path: Path) -> None:
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
    with sqlite3.connect(tmp_path / "demo" / "keytrail.sqlite3") as database:
        settled, waiting = (
            database.execute("SELECT count(*) FROM submissions WHERE settled = ?", (flag,)).fetchone()[0]
            for flag in (1, 0)
        )
    database.close()
    assert 0 < settled < waiting


def test_the_demo_stops_cleanly_and_keeps_its_data(demo: Demo, tmp_path: Path) -> None:
    assert demo.stop() == 0
    again = Demo(demo.data)
    try:
        kept = ("email", "password", "api_token")
        assert [again.told[name] for name in kept] == [demo.told[name] for name in kept]
    finally:
        again.stop()
    for name in ("secret.key", "demo-account.json", "aws-credentials"):
        assert os.stat(demo.data / name).st_mode & 0o077 == 0  # noqa: PTH116  # mode bits


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
