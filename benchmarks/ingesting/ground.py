"""The ground of a benchmark: a temporary database with a study, open page loads and their tickets, and its servers."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert, select

from keytrail.db import Database
from keytrail.keyring import load_keyring
from keytrail.models import Epoch, Item, Worker, WritingSession
from keytrail.schema import migrate
from keytrail.settings import Settings
from keytrail.studies import ItemRow, StudyDefinition, add_items, create_study
from keytrail.worker.tickets import Ticket, Tickets

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
_SERVER = Path(__file__).with_name("server.py")


@dataclass(frozen=True)
class Ground:
    """One migrated database with open page loads."""

    settings: Settings
    tickets: list[str]

    @contextmanager
    def server(self) -> Iterator["Server"]:
        """Run the real server on it, as a process."""
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = int(probe.getsockname()[1])
        command = [sys.executable, str(_SERVER), "--data", str(self.settings.data_dir), "--port", str(port)]
        if self.settings.database_url:
            command += ["--database-url", self.settings.database_url]
        process = subprocess.Popen(command)
        try:
            _wait_until_it_answers(port, process)
            yield Server(port, process.pid)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=60)


@dataclass(frozen=True)
class Server:
    """A running server."""

    port: int
    pid: int

    @property
    def cpu_seconds(self) -> float:
        """Return the processor time so far, of all threads."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    @property
    def resident_mb(self) -> float:
        """Return the memory in use, in MB."""
        return int(Path(f"/proc/{self.pid}/statm").read_text().split()[1]) * _PAGE / 1e6


def prepare(data: Path, page_loads: int, database_url: str | None = None) -> Ground:
    """Migrate the database and open this many writing sessions with one page load each."""
    settings = Settings(_env_file=None, data_dir=data, database_url=database_url)
    data.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database)
    migrate(database.engine)
    now = datetime.now(UTC)
    tickets = Tickets(load_keyring(settings))
    with database.writing() as db:
        study = create_study(db, StudyDefinition(title="Ingest", instructions="Write."), None, now)
        add_items(db, study, [ItemRow(key="a", text="A text.")])
        db.flush()
        worker = Worker(study_id=study.id, pseudonym="w", first_seen_at=now)
        db.add(worker)
        db.flush()
        expires = now + timedelta(days=30)
        common = {
            "study_id": study.id,
            "item_id": db.scalars(select(Item.id)).one(),
            "worker_id": worker.id,
            "consented_at": now,
            "expires_at": expires,
        }
        numbers = range(1, page_loads + 1)
        db.execute(
            insert(WritingSession),
            [common | {"id": n, "assignment_pseudonym": str(n), "state": "open", "nonce": "n"} for n in numbers],
        )
        db.execute(insert(Epoch), [{"session_id": n, "number": 0, "opened_at": now} for n in numbers])
        made = [tickets.for_writing(Ticket(study.id, n, 0, "n"), expires) for n in numbers]
    database.close()
    return Ground(settings, made)


def _wait_until_it_answers(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit("the server did not start")
