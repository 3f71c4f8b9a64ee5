"""What was acknowledged survives SIGKILL."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
import pytest
from httpx2 import Client
from sqlalchemy import update

from keytrail.errors import BadSettings
from keytrail.sandbox.store import Store
from keytrail.sandbox.tables import SchemaVersion
from tests.sandbox.people import WorkerBrowser, create_hit, hit_parameters, hit_state, refusal

SERVER = """
import socket, sys
from pathlib import Path
import uvicorn
from keytrail.sandbox import SandboxConfig, create_sandbox

origin = sys.argv[1]
config = SandboxConfig(Path(sys.argv[2]), origin, "K", "S", {"demo": "http://127.0.0.1:9/task"})
server = uvicorn.Server(uvicorn.Config(create_sandbox(config), log_level="warning"))
server.run(sockets=[socket.socket(fileno=int(sys.argv[3]))])
"""


@contextmanager
def process(listener: socket.socket, origin: str, database: Path) -> Iterator[None]:
    """A server in a process of its own, killed without warning at the end; the socket outlives it."""
    command = [sys.executable, "-c", SERVER, origin, str(database), str(listener.fileno())]
    server = subprocess.Popen(command, pass_fds=[listener.fileno()])
    try:
        yield
    finally:
        server.kill()
        server.wait()


def test_a_server_killed_between_any_two_steps_forgets_nothing(listener: socket.socket, tmp_path: Path) -> None:
    origin = f"http://localhost:{listener.getsockname()[1]}"
    database = tmp_path / "data" / "sandbox.sqlite"
    keys = {"aws_access_key_id": "K", "aws_secret_access_key": "S", "region_name": "us-east-1"}
    requester: Any = boto3.client("mturk", endpoint_url=origin, **keys)
    with Client(base_url=origin, timeout=60) as browser:
        with process(listener, origin, database):
            worker = WorkerBrowser.sign_up(browser, "ada@example.org", "DE", "")
            hit_id = create_hit(requester, UniqueRequestToken="t")["HITId"]
        with process(listener, origin, database):
            assert refusal(requester.create_hit, **hit_parameters(UniqueRequestToken="t"))[0] == "HitAlreadyExists"
            assignment_id = worker.accept(hit_id)
        with process(listener, origin, database):
            assert worker.submit(assignment_id, receipt="kept").status_code == 200
        with process(listener, origin, database):
            assert worker.submit(assignment_id, receipt="second").status_code == 409
            requester.approve_assignment(AssignmentId=assignment_id)
        with process(listener, origin, database):
            assert hit_state(requester, hit_id) == ("Reviewable", 0, 0, 1)
            assert "kept" in requester.get_assignment(AssignmentId=assignment_id)["Assignment"]["Answer"]
            assert requester.get_account_balance()["AvailableBalance"] == "9999.40"


def test_a_database_of_another_version_is_not_touched(tmp_path: Path) -> None:
    store = Store(tmp_path / "sandbox.sqlite")
    with store.unit() as db:
        db.execute(update(SchemaVersion).values(version=99))
    store.close()
    with pytest.raises(BadSettings, match="schema version 99"):
        Store(tmp_path / "sandbox.sqlite")
