"""The real server in a separate process, with a real database in a separate folder."""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
from sqlalchemy import select, update

from keytrail.clock import utc_now
from keytrail.db import Database, to_millis
from keytrail.models import AssignmentIdentity, Study, Submission
from keytrail.schema import migrate
from keytrail.sessions.eventlog import batches_of, events_of
from keytrail.studies import ItemRow, StudyDefinition, add_items, create_study
from keytrail.users.accounts import add_user
from keytrail.users.hashing import hash_password
from keytrail.users.rights import MEMBER
from keytrail.users.tokens import create_token
from tests.browser.processes import start
from tests.browser.texts import ITEM
from tests.waiting import free_port, until

_COMMAND = (sys.executable, "-c", "from keytrail.cli import main; main()")
STUDY = "writing"
EMAIL, PASSWORD = "owner@keytrail.test", "a password for tests"


class Keytrail:
    """`keytrail serve` with one study that accepts texts of any length; it can be killed and restarted."""

    def __init__(self, folder: Path, market_origin: str, **options: Any) -> None:
        self._folder = folder
        self._port = free_port()
        self.url = f"http://127.0.0.1:{self._port}"
        self.database_file = folder / "keytrail.sqlite3"
        self._environment = {
            **os.environ,
            "KEYTRAIL_DATA_DIR": str(folder),
            "KEYTRAIL_PUBLIC_URL": self.url,
            "KEYTRAIL_FRAME_ANCESTORS": market_origin,
            "KEYTRAIL_SUBMIT_ORIGINS": market_origin,
            "KEYTRAIL_EMBED_ORIGINS": market_origin,
        }
        self._process: subprocess.Popen[bytes] | None = None
        self._database = Database(f"sqlite:///{self.database_file}")
        self.token = self._set_up(options)
        self.start()

    def _set_up(self, options: dict[str, Any]) -> str:
        definition = {"minimum_words": 0, "maximum_words": 5000, "places_per_item": 10_000} | options
        migrate(self._database.engine)
        with self._database.writing() as db:
            owner = add_user(db, EMAIL, "Owner", hash_password(PASSWORD), utc_now(), rights=MEMBER)
            study = create_study(
                db,
                StudyDefinition(
                    title="Write a summary", slug=STUDY, instructions="Write in your own words.", **definition
                ),
                owner,
                utc_now(),
            )
            add_items(db, study, [ItemRow(key="shade", text=ITEM)])
            return create_token(db, owner, "browser tests", utc_now())

    def start(self) -> None:
        """Start the server and wait until it answers."""
        command = [*_COMMAND, "serve", "--port", str(self._port)]
        self._process = start(command, self._folder / "server.log", self._environment, self._folder)
        until(self._answers, "the server to answer", seconds=300)

    def kill(self) -> None:
        """End the server as a power cut would."""
        self._end(signal.SIGKILL)

    def die_and_come_back(self) -> None:
        """A power cut between two steps."""
        self.kill()
        self.start()

    def stop(self) -> None:
        """End the server politely."""
        self._end(signal.SIGTERM)

    def close(self) -> None:
        """End the server and give the database back."""
        self.stop()
        self._database.close()

    def _end(self, how: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(how)
        self._process.wait(30)
        self._process = None

    @property
    def log(self) -> str:
        """What the server wrote so far."""
        return (self._folder / "server.log").read_text()

    def stored_batches(self, assignment: str) -> Sequence[Sequence[list[Any]]]:
        """The stored events of every page load of an assignment, batch by batch."""
        with self._database.reading() as db:
            identity = db.scalar(select(AssignmentIdentity).where(AssignmentIdentity.assignment_id == assignment))
            if identity is None:
                return []
            return [[events_of(batch) for batch in batches] for _, batches in batches_of(db, identity.session_id)]

    def texts(self) -> list[str]:
        """The submitted texts, the first one first."""
        with self._database.reading() as db:
            return list(db.scalars(select(Submission.text).order_by(Submission.id)))

    def open_earlier(self, assignment: str, hours: float = 12) -> None:
        """Have an assignment's pages opened so much earlier, where only the page's own clock was moved on.

        A log that claims more time than passed here would rightly be taken for a forged one.
        """
        with self._database.writing() as db:
            identity = db.scalars(
                select(AssignmentIdentity).where(AssignmentIdentity.assignment_id == assignment)
            ).one()
            for epoch, batches in batches_of(db, identity.session_id):
                epoch.opened_at -= timedelta(hours=hours)
                for batch in batches:  # they arrived when they did
                    arrival_ms = batch.stamp.arrival_ms + round(hours * 3_600_000)
                    batch.row.stamp = batch.stamp._replace(arrival_ms=arrival_ms).packed(to_millis(epoch.opened_at))

    def change_study(self, **values: Any) -> None:
        """Change columns of the study; the server reads them with each request."""
        with self._database.writing() as db:
            db.execute(update(Study).values(values))

    def _answers(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, self.log
        try:
            return httpx2.get(f"{self.url}/task/{STUDY}", follow_redirects=True).status_code == 200
        except httpx2.TransportError:
            return False
