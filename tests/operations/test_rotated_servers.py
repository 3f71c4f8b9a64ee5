"""The secret key is replaced beside real servers: running, stopped and started again."""

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import select

from keytrail.db import Database
from keytrail.models import Worker, WritingSession
from tests.browser.keytrail import STUDY, Keytrail
from tests.cli.running import keytrail
from tests.waiting import until
from tests.worker.posting import FIRST
from tests.worker.test_events import TYPED
from tests.worker.visitor import Visitor

PERSON = "PARTICIPANT-7"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Keytrail]:
    folder = tmp_path / "data"
    folder.mkdir()
    found = Keytrail(folder, "http://market.test", platform="direct")
    yield found
    found.close()


@pytest.fixture
def writer(server: Keytrail) -> Iterator[Visitor]:
    """Somebody who has agreed and sent a first batch."""
    with httpx2.Client(base_url=server.url, timeout=60) as client:
        visitor = Visitor(client, STUDY, {"participant": PERSON})
        visitor.accept()
        assert visitor.post_events(0, FIRST).status_code == 200
        yield visitor


def rotate(server: Keytrail, *options: str) -> str:
    done = keytrail("rotate-key", *options, data=server.database_file.parent)
    assert done.returncode == 0, done.stderr
    return done.stdout


def names(server: Keytrail) -> tuple[list[str], int]:
    """The pseudonyms of the study's workers, and how many sessions they have."""
    database = Database(f"sqlite:///{server.database_file}")
    with database.reading() as db:
        found = list(db.scalars(select(Worker.pseudonym))), len(db.scalars(select(WritingSession.id)).all())
    database.close()
    return found


def write_on(visitor: Visitor) -> tuple[int, str]:
    answer = visitor.post_events(len(FIRST), TYPED)
    return answer.status_code, "" if answer.status_code == 200 else answer.json()["error"]["code"]


def test_a_worker_writes_on_while_servers_run_and_restart(server: Keytrail, writer: Visitor) -> None:
    before = names(server)
    key = (server.database_file.parent / "secret.key").read_bytes()
    assert "need no restart" in rotate(server)
    assert (server.database_file.parent / "secret.key").read_bytes() != key
    assert write_on(writer) == (200, ""), "the server has not looked yet, or has"
    server.die_and_come_back()
    assert write_on(writer) == (200, ""), "a server that started with the new key takes the earlier ticket"
    writer.open()
    assert writer.post_events(0, FIRST).status_code == 200, "and the page that it serves"
    assert names(server) == before, "the same person, in the same session"
    assert keytrail("verify", data=server.database_file.parent).returncode == 0


def test_a_key_that_became_known_is_worth_nothing_after_a_rotation_with_servers_stopped(
    server: Keytrail, writer: Visitor
) -> None:
    before = names(server)
    server.stop()
    assert "Signatures of the earlier key are no longer accepted." in rotate(server, "--keep-hours", "0")
    server.start()
    assert write_on(writer) == (401, "ticket_invalid")
    writer.open()
    assert writer.post_events(0, FIRST).status_code == 200, "the page that the worker loads anew"
    assert names(server) == before, "the same person, in the same session"


def test_a_server_that_ran_on_takes_the_earlier_tickets_until_it_has_looked(server: Keytrail, writer: Visitor) -> None:
    rotate(server, "--keep-hours", "0")
    until(lambda: write_on(writer) == (401, "ticket_invalid"), "the server to look at its key", seconds=60)
    assert "The keys of this process are those of a rotation now." in server.log
    writer.open()
    assert writer.post_events(0, FIRST).status_code == 200
