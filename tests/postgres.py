"""A PostgreSQL server of the tests' own, in a temporary folder, on a socket and a free loopback port."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from keytrail.db import Database


@contextmanager
def postgres_server() -> Iterator[str]:
    """A server's URL without a database name. Uses KEYTRAIL_TEST_POSTGRES if that names one that runs already."""
    given = os.environ.get("KEYTRAIL_TEST_POSTGRES")
    if given:
        yield given.rstrip("/")
        return
    binaries = _binaries()
    folder = Path(tempfile.mkdtemp(prefix="keytrail-pg-"))
    try:
        with _running(binaries, folder) as url:
            yield url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _binaries() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    on_path = shutil.which("initdb")
    if not found and on_path is None:
        pytest.fail(
            "PostgreSQL is not installed (Debian package 'postgresql'), and KEYTRAIL_TEST_POSTGRES names no server."
        )
    return found[-1].parent if found else Path(str(on_path)).parent


@contextmanager
def _running(binaries: Path, folder: Path) -> Iterator[str]:
    as_user = _as_unprivileged(folder)
    data, port = folder / "data", _free_port()
    _run(
        [
            *as_user,
            str(binaries / "initdb"),
            "-D",
            str(data),
            "-U",
            "keytrail",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
        ]
    )
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=100"
    control = [*as_user, str(binaries / "pg_ctl"), "-D", str(data), "-w"]
    _run([*control, "-o", options, "-l", str(folder / "log"), "start"])
    try:
        yield f"postgresql+psycopg://keytrail@127.0.0.1:{port}"
    finally:
        _run([*control, "-m", "immediate", "stop"])


def waits(database: Database) -> bool:
    """Whether somebody waits for a lock in this database."""
    asked = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    with database.reading() as db:
        return bool(db.scalar(asked))


def _as_unprivileged(folder: Path) -> list[str]:
    """PostgreSQL refuses to run as root; Debian's package brings a user for it."""
    if os.geteuid() != 0:
        return []
    shutil.chown(folder, "postgres")
    return ["runuser", "-u", "postgres", "--"]


def _run(command: list[str]) -> None:
    # The server keeps the standard output of pg_ctl open: a pipe would never end.
    done = subprocess.run(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, timeout=120, check=False
    )
    if done.returncode:
        pytest.fail(f"{command[-1]}: {done.stderr}")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])
