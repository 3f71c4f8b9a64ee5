"""A sender in a process of its own, which is killed while the platform has its request."""

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from multiprocessing import forkserver
from multiprocessing.process import BaseProcess
from typing import Any

import pytest
from sqlalchemy import select

from keytrail.db import Database
from keytrail.keyring import load_keyring
from keytrail.models import PlatformAction, Study, User
from keytrail.platform_actions.performing import Connections
from keytrail.platform_actions.sender import Sender
from keytrail.settings import Settings

WHEN = ("before", "after")
KILLED = -signal.SIGKILL
# Each process is forked from one that has imported everything, and that has no threads.
_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload([__name__])


@dataclass
class Killing:
    """Kills a process when the platform gets a request: before it does what it is asked for, or after.

    `path` is how the request's path ends.
    """

    path: str
    when: str
    process: BaseProcess | None = None
    done: bool = False

    def now(self, path: str, when: str) -> bool:
        """Whether this is the moment; the process is dead then."""
        if self.done or when != self.when or not path.endswith(self.path):
            return False
        assert self.process is not None
        assert self.process.pid is not None
        self.done = True
        os.kill(self.process.pid, signal.SIGKILL)
        return True


def send_in_a_process(settings: Settings, clock: Callable[[], datetime], killing: Killing | None = None) -> int | None:
    """Send all that waits or was begun, in a process of its own; its exit code."""
    arguments = settings.model_dump(mode="json", exclude_none=True)
    for name in ("prolific_token", "connect_key"):
        secret = getattr(settings, name)
        arguments |= {name: secret.get_secret_value()} if secret else {}
    with pytest.MonkeyPatch.context() as patched:
        # The process that all are forked from looks for modules where this one does.
        patched.setenv("PYTHONPATH", os.pathsep.join(sys.path))
        forkserver.ensure_running()
    process = _PROCESSES.Process(target=_send, args=(arguments, clock()))
    if killing is not None:
        killing.process = process
    process.start()
    process.join(60)
    return process.exitcode


def states(database: Database) -> dict[str, str]:
    """What became of each action, by kind; of two of a kind, of the later one."""
    with database.reading() as db:
        actions = db.scalars(select(PlatformAction).order_by(PlatformAction.id))
        return {str(action.kind): str(action.state) for action in actions}


def _send(arguments: dict[str, Any], now: datetime) -> None:
    settings = Settings.model_validate(arguments)
    database = Database(settings.database)
    with database.reading() as db:
        study_id, owner_id = db.scalars(select(Study.id)).one(), db.scalars(select(User.id)).one()
        waiting: Sequence[int] = db.scalars(
            select(PlatformAction.id)
            .where(PlatformAction.state.in_(("queued", "failed", "sending")))
            .order_by(PlatformAction.id)
        ).all()
    Sender(database, Connections(settings), load_keyring(settings), lambda: now).send_all(study_id, waiting, owner_id)
    database.close()
