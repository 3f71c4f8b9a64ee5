"""A temporary PostgreSQL server for the tests, on a socket and a free loopback port."""

import os
import shutil
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import text

from keytrail.db import Database
from keytrail.schema import migrate

_TEMPLATE = "keytrail_template"
# Foreign keys are not looked at meanwhile, so the order of the tables does not matter.
_EMPTY = """
DO $$ DECLARE found text; BEGIN
    SET LOCAL session_replication_role = replica;
    FOR found IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version' LOOP
        EXECUTE format('DELETE FROM %I', found);
    END LOOP;
    FOR found IN SELECT sequencename FROM pg_sequences WHERE last_value IS NOT NULL LOOP
        EXECUTE format('ALTER SEQUENCE %I RESTART', found);
    END LOOP;
END $$
"""
# The catalogue itself: information_schema's views cost ten times as much.
_SCHEMA = """
SELECT relname::text, attname::text, format_type(atttypid, atttypmod), attnotnull::text
FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v') AND attnum > 0 AND NOT attisdropped
UNION ALL SELECT tablename::text, indexname::text, indexdef, '' FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT 'alembic_version', version_num, '', '' FROM alembic_version ORDER BY 1, 2
"""


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
        with _running(binaries, folder) as server:
            yield server.url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def restartable_server() -> Iterator["RunningServer"]:
    """A server of one's own, whatever KEYTRAIL_TEST_POSTGRES names."""
    folder = Path(tempfile.mkdtemp(prefix="keytrail-pg-"))
    try:
        with _running(_binaries(), folder) as server:
            yield server
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
def _running(binaries: Path, folder: Path) -> Iterator["RunningServer"]:
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
    # Queries of a few rows, and data that nobody needs after a crash of the machine.
    quick = "-c fsync=off -c full_page_writes=off -c jit=off"
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c max_connections=100 {quick}"
    control = [*as_user, str(binaries / "pg_ctl"), "-D", str(data), "-w"]
    _run([*control, "-o", options, "-l", str(folder / "log"), "start"])
    try:
        yield RunningServer(f"postgresql+psycopg://keytrail@127.0.0.1:{port}", control, folder / "log")
    finally:
        _run([*control, "-m", "immediate", "stop"])


@dataclass(frozen=True)
class RunningServer:
    """One that can be restarted; `url` is without a database's name."""

    url: str
    control: list[str]
    log: Path

    def restart(self) -> None:
        """As after a power cut: connections break off, and what was not committed is gone."""
        _run([*self.control, "-m", "immediate", "-l", str(self.log), "restart"])


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


class PostgresDatabases:
    """Migrated databases to lend: one that comes back as it was is emptied and lent again.

    Copying the template takes a hundred times as long as emptying a few rows.
    """

    def __init__(self, server: str) -> None:
        self._server = server
        self._admin = self._connection("postgres")
        self._free: list[str] = []
        self._run(f"CREATE DATABASE {_TEMPLATE}")
        database = Database(f"{server}/{_TEMPLATE}")
        migrate(database.engine)
        database.close()
        self._as_made = self._state(_TEMPLATE)

    @contextmanager
    def lent(self) -> Iterator[str]:
        """The URL of an empty, migrated database of one's own."""
        name = self._free.pop() if self._free else self._new()
        yield f"{self._server}/{name}"
        # Whatever a test left open ends: it could hold locks.
        self._run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        if self._state(name) == self._as_made:
            self._free.append(name)
        else:  # the test changed the schema
            self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def _new(self) -> str:
        name = f"t{uuid.uuid4().hex}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE}")
        return name

    def _state(self, name: str) -> list[tuple[object, ...]]:
        """Empty a database and return its columns and indexes."""
        with self._connection(name) as connection:
            connection.execute(_EMPTY)
            return connection.execute(_SCHEMA).fetchall()

    def close(self) -> None:
        self._admin.close()

    def _run(self, statement: str) -> None:
        self._admin.execute(statement)

    def _connection(self, name: str) -> psycopg.Connection[Any]:
        """Without SQLAlchemy, which asks much of a server that it does not know."""
        return psycopg.connect(f"{self._server}/{name}".replace("+psycopg", ""), autocommit=True)
