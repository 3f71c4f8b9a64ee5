"""The sandbox marketplace during filling: with a settable clock and simulated workers."""

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import uvicorn
from sqlalchemy import select
from sqlalchemy.orm import Session

from keytrail.platforms import Assignment
from keytrail.sandbox import SandboxConfig, create_sandbox
from keytrail.sandbox.accounts import Application, sign_up, worker_by_email
from keytrail.sandbox.answers import answers_xml
from keytrail.sandbox.market import work
from keytrail.sandbox.market.hits import get_hit
from keytrail.sandbox.store import Store
from keytrail.sandbox.tables import Assignment as TakenPlace
from keytrail.sandbox.tables import Hit, Worker

_NO_HASH = "!"  # so that nobody can sign in as a simulated worker
_TASKS_AT = re.compile(r"http://127\.0\.0\.1:\d+(?=/task/)")


class SettableClock:
    """A clock that returns the time to which it was set."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """Return the time that was set last, in UTC."""
        return self.now


@dataclass(frozen=True)
class Floor:
    """The actions of simulated workers at the marketplace, within one of its units of work, at any given time."""

    db: Session
    origin: str

    def accept(self, hit_id: str, worker: str, now: datetime) -> Assignment:
        """Let the worker of this name accept a HIT, signing up first if needed."""
        taken = work.accept(self.db, get_hit(self.db, hit_id), self._worker(worker, now), now)
        return Assignment(taken.worker_id, taken.id, task_id=hit_id, submit_origin=self.origin)

    def hand_in(self, assignment: Assignment, receipt: str, now: datetime) -> None:
        """Submit the form that ends the task."""
        taken = self.db.get_one(TakenPlace, assignment.assignment_id)
        work.submit(self.db, get_hit(self.db, taken.hit_id), taken, answers_xml([("receipt", receipt)]), now)

    def _worker(self, name: str, now: datetime) -> Worker:
        email = f"{name.lower()}@keytrail.example"
        return worker_by_email(self.db, email) or sign_up(self.db, Application(email, "", "US", ""), _NO_HASH, now)


@dataclass(frozen=True)
class Marketplace:
    """A running marketplace, and its clock."""

    store: Store
    clock: SettableClock
    origin: str

    @contextmanager
    def floor(self) -> Iterator[Floor]:
        """Begin one unit of work; the requester API waits meanwhile."""
        with self.store.unit() as db:
            yield Floor(db, self.origin)


@contextmanager
def marketplace(config: SandboxConfig, listener: socket.socket, opens_at: datetime) -> Iterator[Marketplace]:
    """Serve the requester API in a thread on a socket, which is closed at the end."""
    clock = SettableClock(opens_at)
    app = create_sandbox(config, clock)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", ws="none", server_header=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        yield Marketplace(app.state.context.store, clock, config.public_origin)
    finally:
        server.should_exit = True
        thread.join()


def lead_tasks_to(config: SandboxConfig, keytrail: str) -> None:
    """Update published tasks to the present address of Keytrail, whose port may have changed."""
    store = Store(config.database)
    with store.unit() as db:
        for hit in db.scalars(select(Hit)).unique():
            hit.question = _TASKS_AT.sub(keytrail, hit.question)
    store.close()
