import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from keytrail.db import Database
from tests.demo.running import Demo


@dataclass(frozen=True)
class Made:
    """The folder of a demo that was started once, and has stopped; nothing writes to it. `status` is its exit
    status.
    """

    folder: Path
    told: dict[str, Any]
    status: int


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    demo = Demo(tmp_path_factory.mktemp("made") / "demo")
    try:
        return Made(demo.data, demo.told, demo.stop())
    finally:
        demo.kill()


@pytest.fixture(scope="session")
def demo(made: Made, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demo, started once more, from a copy; tests that write to it leave alone what others look at."""
    running = Demo(shutil.copytree(made.folder, tmp_path_factory.mktemp("again") / "demo"))
    yield running
    running.kill()


@pytest.fixture(scope="session")
def filled(made: Made) -> Iterator[Database]:
    """What is stored, to be read only."""
    opened = Database(f"sqlite:///{made.folder / 'keytrail.sqlite3'}")
    yield opened
    opened.close()
