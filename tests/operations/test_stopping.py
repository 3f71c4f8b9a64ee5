"""Stopping a server: open requests are finished, and streams end at once."""

import asyncio
import os
import signal
import subprocess
import time
from pathlib import Path

import httpx2

from keytrail.clock import utc_now
from keytrail.db import Database
from keytrail.models import User
from keytrail.requester.people.access import COOKIE
from keytrail.schema import migrate
from keytrail.users.signing_in import start_sign_in
from keytrail.web.stopping import Stopping
from tests.cli.running import COMMAND, clean_environment
from tests.waiting import free_port, until


def test_a_live_stream_ends_with_the_server(tmp_path: Path) -> None:
    data, port = tmp_path / "data", free_port()
    data.mkdir()
    database = Database(f"sqlite:///{data / 'keytrail.sqlite3'}")
    migrate(database.engine)
    with database.writing() as db:
        user = User(email="olivia@example.org", name="Olivia", password_hash="!", created_at=utc_now())
        db.add(user)
        db.flush()
        cookie = start_sign_in(db, user, 12, utc_now())
    database.close()
    url = f"http://127.0.0.1:{port}"
    environment = clean_environment(data) | {"KEYTRAIL_PUBLIC_URL": url, "KEYTRAIL_LOG_FORMAT": "json"}
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen([*COMMAND, "serve", "--port", str(port)], cwd=tmp_path, env=environment, stderr=log)
    try:
        until(lambda: is_alive(url), "the server", seconds=90)
        with httpx2.stream("GET", f"{url}/live", headers={"cookie": f"{COOKIE}={cookie}"}, timeout=30) as stream:
            chunks = stream.iter_text()
            assert "event: here" in next(chunks)
            os.kill(process.pid, signal.SIGTERM)
            stopped_at = time.monotonic()
            assert list(chunks) == []  # ended as a whole answer, not broken off
        process.wait(timeout=30)
        assert time.monotonic() - stopped_at < 4, "streams are open for five seconds if nobody ends them"
    finally:
        process.kill()
        process.wait()
    lines = (tmp_path / "log").read_text().splitlines()
    assert all(line.startswith('{"time": "20') for line in lines)


def is_alive(url: str) -> bool:
    try:
        return httpx2.get(f"{url}/healthz").text == "ok"
    except httpx2.TransportError:
        return False


def test_waiting_ends_with_the_stop_and_not_before() -> None:
    async def play() -> list[bool]:
        stopping = Stopping()
        first = await stopping.wait(0.01)
        waiting = asyncio.create_task(stopping.wait(60))
        await asyncio.sleep(0)
        stopping.begin()
        return [first, await waiting, await stopping.wait(60)]

    assert asyncio.run(asyncio.wait_for(play(), 10)) == [False, True, True]
