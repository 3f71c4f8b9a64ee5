"""A server with little memory, and the addresses and credentials that attackers and honest workers use."""

import asyncio
import resource
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from keytrail.db import Database
from keytrail.imports.storing import ImportedSession, store_session
from keytrail.keyring import Keyring, load_keyring
from keytrail.models import WIRE_1, Base, Membership, Role, StoredReport, Study, User
from keytrail.requester.people.access import COOKIE
from keytrail.schema import migrate
from keytrail.settings import Settings
from keytrail.studies import ItemRow, StudyDefinition, add_items, create_study, study_by_slug
from keytrail.users.hashing import hash_password
from keytrail.users.signing_in import start_sign_in
from keytrail.users.tokens import create_token
from tests.cli.running import COMMAND, clean_environment
from tests.flood.line import ask_once, message
from tests.waiting import free_port, until

MEMORY = 2**30
SLUG = "flooded"
EMAIL = "olivia@example.org"
_SUBMISSIONS = 40
_TEXT = "Amber light may help people who work at night. " * 3000


@dataclass
class Ground:
    """`cookie` and `token` are an owner's. `memory_mb` is the most that was seen, with child processes."""

    port: int
    database_url: str
    cookie: dict[str, str]
    token: dict[str, str]
    process: "subprocess.Popen[bytes]" = field(repr=False)
    memory_mb: int = 0

    @property
    def lives(self) -> bool:
        """Whether the server answers."""
        return self.process.poll() is None and asyncio.run(self._is_there())

    async def _is_there(self) -> bool:
        return (await ask_once(self.port, message("GET", "/sign-in"))).status == 200

    def rows(self, table: type[Base]) -> int:
        """How many rows a table has."""
        database = Database(self.database_url)
        with database.reading() as db:
            found = db.scalar(select(func.count()).select_from(table))
        database.close()
        return found or 0

    def look_at_memory(self) -> None:
        """Record the memory of the server and its child processes; pages that several share count once."""
        self.memory_mb = max(self.memory_mb, _memory_kb(self.process.pid) // 1024)


def _memory_kb(pid: int) -> int:
    """Proportional set size (PSS) of a process and its descendants; 0 for one that has ended."""
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        threads = Path(f"/proc/{pid}/task").glob("*/children")
        children = [child for thread in threads for child in thread.read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return 0
    own = sum(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
    return own + sum(_memory_kb(int(child)) for child in children)


@contextmanager
def flooded_server(folder: Path, database_url: str | None = None) -> Iterator[Ground]:
    """`keytrail serve` on loopback; it and each child process may use a gigabyte of memory and no more.

    On SQLite, or the migrated database at an address.
    """
    data = folder / "data"
    data.mkdir(mode=0o700)
    settings = Settings.model_validate({"data_dir": data, "database_url": database_url})
    secrets = _filled(settings)
    port = free_port()
    environment = clean_environment(data) | {"KEYTRAIL_DATABASE_URL": settings.database}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [*COMMAND, "serve", "--port", str(port)], cwd=folder, env=environment, stderr=log, stdout=log
        )
        resource.prlimit(process.pid, resource.RLIMIT_DATA, (MEMORY, MEMORY))
    ground = Ground(port, settings.database, *secrets, process)
    try:
        until(lambda: ground.lives, "the server", seconds=240)
        until(lambda: ground.rows(StoredReport) >= _SUBMISSIONS, "the analysis of what is there", seconds=300)
        yield ground
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)


def _filled(settings: Settings) -> tuple[dict[str, str], dict[str, str]]:
    """A study with texts to read; the owner's headers for pages and for the API."""
    database = Database(settings.database)
    migrate(database.engine)
    now = datetime.now(UTC)
    with database.writing() as db:
        password = hash_password("a password of some length").value
        user = User(email=EMAIL, name="Olivia", password_hash=password, created_at=now)
        db.add(user)
        definition = StudyDefinition(
            title="Flooded", slug=SLUG, instructions="Write.", minimum_words=1, places_per_item=10_000
        )
        study = create_study(db, definition, None, now)
        add_items(db, study, [ItemRow(key="a", text="A text.")])
        db.flush()
        db.add(Membership(user_id=user.id, study_id=study.id, role=Role.OWNER))
        _submit(db, study, load_keyring(settings), now)
        cookie = start_sign_in(db, user, 12, now)
        token = create_token(db, user, "flood", now)
    database.close()
    return {"cookie": f"{COOKIE}={cookie}", "origin": settings.public_url}, {"authorization": f"Bearer {token}"}


def _submit(db: Session, study: Study, keyring: Keyring, now: datetime) -> None:
    events: list[list[Any]] = [[0, "E", {"v": "1.0"}], [0, "i", "empty", 0, 2166136261]]
    for number in range(_SUBMISSIONS):
        at = now - timedelta(minutes=number)
        imported = ImportedSession(f"S{number}", f"W{number}", "A text.", _TEXT, [events], WIRE_1, at)
        assert store_session(db, study_by_slug(db, study.slug), imported, keyring, now)
