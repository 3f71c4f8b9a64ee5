"""A server (SQLite) or a worker (PostgreSQL) is killed while it sends a message or asks a platform."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any

from sqlalchemy import select, update

from keytrail.clock import utc_now
from keytrail.db import Database
from keytrail.keyring import load_keyring
from keytrail.models import (
    ActionKind,
    ActionState,
    Delivery,
    DeliveryState,
    Membership,
    NotificationLatch,
    NotificationTarget,
    PlatformAction,
    Role,
    ScheduledJob,
    SessionState,
    Study,
    User,
    WritingSession,
)
from keytrail.platforms import Assignment
from keytrail.sessions.lifecycle import open_session
from keytrail.settings import Settings
from keytrail.studies import ItemRow, StudyDefinition, add_items, create_study
from tests.cli.running import COMMAND, clean_environment
from tests.notifications.receivers import WebReceiver, web_receiver
from tests.operations.fleet import kill
from tests.waiting import free_port, until

PATIENCE_S = 240
AT_PROLIFIC = "60aca280709ee40ec37d4885"


class Installation:
    """A database, and processes that do its background work: `keytrail serve` on SQLite, workers on PostgreSQL."""

    def __init__(self, folder: Path, url: str, **settings: str) -> None:
        self.database, self._folder = Database(url), folder
        self._is_shared = url.startswith("postgresql")
        data = folder / "data"
        data.mkdir()
        self.keyring = load_keyring(Settings(data_dir=data))
        self._environment = clean_environment(data) | {"KEYTRAIL_DATABASE_URL": url} | settings
        self._started: list[subprocess.Popen[bytes]] = []
        with self.database.writing() as db:
            definition = StudyDefinition(
                title="Lab", slug="lab", instructions="Write.", minimum_words=1, platform="prolific"
            )
            study = create_study(db, definition, None, utc_now())
            add_items(db, study, [ItemRow(key="a", text="A text.")])
            study.platform_options = {"study_id": AT_PROLIFIC}

    def start(self) -> int:
        """Start one more process; its id."""
        command = ["worker"] if self._is_shared else ["serve", "--port", str(free_port())]
        with (self._folder / "log").open("ab") as log:
            started = subprocess.Popen(
                [*COMMAND, *command], cwd=self._folder, env=self._environment, stdout=log, stderr=log
            )
        self._started.append(started)
        return started.pid

    def restart(self) -> None:
        """After a kill: two that share the work, or the one that may be."""
        for _ in range(2 if self._is_shared else 1):
            self.start()

    def close(self) -> None:
        for process in self._started:
            if process.poll() is None:
                process.terminate()
        for process in self._started:
            process.wait(60)
        self.database.close()


@contextmanager
def installation(folder: Path, url: str, **settings: str) -> Iterator[Installation]:
    found = Installation(folder, url, **settings)
    try:
        yield found
    finally:
        found.close()


def owe(database: Database, state: ActionState) -> None:
    """One payment that waits, or none any more."""
    with database.writing() as db:
        db.execute(update(PlatformAction).values(state=ActionState.SENT))
        values: dict[str, Any] = {"kind": ActionKind.BONUS, "token": f"t{utc_now().timestamp()}".replace(".", "")}
        db.add(PlatformAction(study_id=1, state=state, currency="USD", queued_at=utc_now(), amount_cents=95, **values))


def is_due_now(database: Database, table: Any, column: Any) -> None:
    """Let the waiting time pass."""
    with database.writing() as db:
        db.execute(update(table).values({column: utc_now() - timedelta(seconds=1)}))


def test_a_message_is_sent_again_with_its_id_and_no_other_is_lost_or_repeated(
    database_url: str, tmp_path: Path
) -> None:
    with (
        web_receiver() as receiver,
        installation(tmp_path, database_url, KEYTRAIL_WEBHOOK_NETWORKS="127.0.0.0/8") as lab,
    ):
        with lab.database.writing() as db:
            owner = User(email="o@example.org", name="Olivia", password_hash="!", created_at=utc_now())
            db.add(owner)
            db.flush()
            db.add(Membership(user_id=owner.id, study_id=1, role=Role.OWNER))
            values: dict[str, Any] = {"url": receiver.url, "added_by_id": owner.id, "salt": "s"}
            target = NotificationTarget(study_id=1, created_at=utc_now(), **values)
            target.events, target.flagged_percent, target.budget_percent = ["payments.waiting"], 30, 90
            db.add(target)
        owe(lab.database, ActionState.QUEUED)
        receiver.dripping = True  # it has the message, and the sender never learns of it
        first = lab.start()
        until(lambda: receiver.messages, "the first try", seconds=PATIENCE_S)
        kill(first)
        receiver.closing.set()
        receiver.dripping = False
        assert states(lab.database) == [DeliveryState.WAITING]

        lab.restart()
        is_due_now(lab.database, Delivery, Delivery.next_try_at)
        until(lambda: states(lab.database) == [DeliveryState.DELIVERED], "the second try", seconds=PATIENCE_S)
        assert ids(receiver) == ids(receiver)[:1] * 2, "the receiver can tell that it has it already"

        owe(lab.database, ActionState.SENT)
        is_due_now(lab.database, ScheduledJob, ScheduledJob.due_at)
        until(lambda: not latches(lab.database), "the end of the condition", seconds=PATIENCE_S)
        owe(lab.database, ActionState.QUEUED)
        is_due_now(lab.database, ScheduledJob, ScheduledJob.due_at)
        until(lambda: states(lab.database) == [DeliveryState.DELIVERED] * 2, "the next message", seconds=PATIENCE_S)
        assert (len(receiver.messages), len(set(ids(receiver)))) == (3, 2)


def states(database: Database) -> list[str]:
    with database.reading() as db:
        return list(db.scalars(select(Delivery.state).order_by(Delivery.id)))


def latches(database: Database) -> list[str]:
    with database.reading() as db:
        return list(db.scalars(select(NotificationLatch.kind)))


def ids(receiver: WebReceiver) -> list[str]:
    return [headers["webhook-id"] for headers, _ in receiver.messages]


def test_a_comparison_is_taken_over_from_a_killed_process_and_by_one_other(database_url: str, tmp_path: Path) -> None:
    with (
        platform() as (url, asked, answering),
        installation(
            tmp_path, database_url, KEYTRAIL_PROLIFIC_URL=url, KEYTRAIL_PROLIFIC_TOKEN="t", KEYTRAIL_COMPARE_MINUTES="1"
        ) as lab,
    ):
        with lab.database.writing() as db:
            visit = Assignment(worker_id="P1", assignment_id="S1")
            open_session(db, db.get_one(Study, 1), visit, lab.keyring, utc_now())
        first = lab.start()
        until(lambda: is_scheduled(lab.database), "the job", seconds=PATIENCE_S)
        is_due_now(lab.database, ScheduledJob, ScheduledJob.due_at)
        until(lambda: asked, "the question", seconds=PATIENCE_S)
        kill(first)
        answering.set()
        lab.restart()
        is_due_now(lab.database, ScheduledJob, ScheduledJob.due_at)
        until(lambda: is_place_free(lab.database), "the comparison", seconds=PATIENCE_S)
        # With nobody at work any more there is soon nothing to compare.
        assert tries_of_comparison(lab.database) in {0, None}
        assert sorted(asked) == [f"/api/v1/studies/{AT_PROLIFIC}/", *["/api/v1/submissions/"] * 2], "once, and again"


def is_scheduled(database: Database) -> bool:
    with database.reading() as db:
        return db.get(ScheduledJob, "comparison 1") is not None


def is_place_free(database: Database) -> bool:
    with database.reading() as db:
        return db.scalars(select(WritingSession.state)).all() == [SessionState.RETURNED]


def tries_of_comparison(database: Database) -> int | None:
    with database.reading() as db:
        job = db.get(ScheduledJob, "comparison 1")
        return None if job is None else job.tries


@contextmanager
def platform() -> Iterator[tuple[str, list[str], Event]]:
    """A platform that answers nobody until it is told to: its address, the paths that were asked for, and that word."""
    asked: list[str] = []
    answering = Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            asked.append(path)
            answering.wait()
            one = {"id": "S1", "status": "RETURNED", "participant_id": "P1"}
            content = {"results": [one]} if "submissions" in path else {"status": "ACTIVE"}
            body = json.dumps(content).encode()
            try:
                self.send_response(200)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            except OSError:
                return  # whoever asked was killed

        def log_message(self, *_: object) -> None:
            """Log nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked, answering
    finally:
        answering.set()
        server.shutdown()
        server.server_close()
        thread.join()
