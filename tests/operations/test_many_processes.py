"""Two web processes and two workers on one PostgreSQL: killing any of them loses nothing and does nothing twice."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import pytest
from httpx2 import Response
from sqlalchemy import func, select, text

from keytrail.clock import utc_now
from keytrail.db import Database
from keytrail.models import AnalysisFailure, StoredReport, Submission
from keytrail.schema import migrate
from keytrail.studies import ItemRow, StudyDefinition, add_items, create_study
from tests.cli.running import keytrail
from tests.operations.fleet import Fleet, children, kill
from tests.postgres import RunningServer, restartable_server
from tests.waiting import until
from tests.worker.posting import FIRST
from tests.worker.test_events import TYPED
from tests.worker.visitor import Visitor

pytestmark = pytest.mark.postgres
PATIENCE_S = 60


@pytest.fixture
def postgres() -> Iterator[RunningServer]:
    with restartable_server() as server:
        yield server


@pytest.fixture
def fleet(postgres: RunningServer, tmp_path: Path) -> Iterator[Fleet]:
    url = f"{postgres.url}/postgres"
    database = Database(url)
    migrate(database.engine)
    with database.writing() as db:
        definition = StudyDefinition(
            title="Lab", slug="lab", instructions="Write.", minimum_words=1, platform="direct", places_per_item=1000
        )
        add_items(db, create_study(db, definition, None, utc_now()), [ItemRow(key="a", text="A text.")])
    database.close()
    found = Fleet(tmp_path, url)
    yield found
    found.close()


def insist(ask: Callable[[], Response]) -> Response:
    """Ask again where a browser would: nobody answers, or the answer says that the server is busy."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        try:
            answer = ask()
        except httpx2.TransportError:
            continue
        if answer.status_code < 500:
            return answer
    raise AssertionError("nobody answered")


class Worker:
    """Somebody who writes whatever the servers do meanwhile."""

    def __init__(self, fleet: Fleet, name: str) -> None:
        self.client = httpx2.Client(base_url=fleet.url, timeout=20)
        fleet.clients.append(self.client)
        self.visitor = Visitor(self.client, "lab", {"participant": name})  # type: ignore[arg-type]  # over the network
        insist(self.visitor.open)
        answer = insist(lambda: self.visitor.send("consent"))
        self.visitor._read(insist(lambda: self.client.get(answer.headers["location"])))
        self.committed = -1

    def write(self) -> None:
        """Send both batches until they are acknowledged."""
        for seq, events in ((0, FIRST), (len(FIRST), TYPED)):
            answer = insist(lambda seq=seq, events=events: self.visitor.post_events(seq, events))  # type: ignore[misc]  # bound now
            assert answer.status_code == 200, answer.text
            self.committed = answer.json()["committed"]

    def submit(self) -> str:
        """Hand in, as often as need be; the receipt."""
        answer = insist(lambda: self.visitor.post_submission("a text", events=self.committed + 1))
        assert answer.status_code == 200, answer.text
        return str(answer.json()["receipt"])


def test_nothing_is_lost_or_done_twice_whoever_is_killed(fleet: Fleet, postgres: RunningServer) -> None:
    server, workers = fleet.serve(), [fleet.work(), fleet.work()]
    database = Database(f"{postgres.url}/postgres")
    receipts = [submitted(fleet, "P0")]
    until(lambda: reports(database) == 1, "the first report", seconds=PATIENCE_S)

    kill(children(server)[0])
    kill(workers[0].pid)
    receipts.append(submitted(fleet, "P1"))
    begun = [Worker(fleet, f"Q{number}") for number in range(3)]
    for each in begun[:2]:
        each.write()
    postgres.restart()
    for each in begun:
        each.write()  # again, where it was acknowledged before
        receipts.append(each.submit())
        assert each.submit() == receipts[-1], "a repeat has the same receipt"
    until(lambda: len(children(server)) == 2, "the killed server's successor", seconds=PATIENCE_S)
    receipts.append(submitted(fleet, "P2"))

    until(lambda: reports(database) == len(receipts), "every report", seconds=PATIENCE_S)
    with database.reading() as db:
        stored = db.scalars(select(Submission.public_id).order_by(Submission.id)).all()
        assert sorted(stored) == sorted(receipts)
        assert db.scalar(select(func.count()).select_from(AnalysisFailure)) == 0
        assert db.scalar(text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")) == 0
    checked = keytrail("verify", data=fleet.data, **settings(fleet))
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert f"Checked {2 * len(receipts)} batches of {len(receipts)} sessions" in checked.stdout
    metrics = httpx2.get(f"http://127.0.0.1:{fleet.metrics}/metrics").text
    assert "keytrail_ingest_events_total" in metrics, "both processes count into one place"
    database.close()
    server.terminate()
    assert server.wait(60) is not None
    workers[1].terminate()
    assert workers[1].wait(60) == 0
    assert "Traceback" not in fleet.log("worker.log").partition("stopping")[2]


def submitted(fleet: Fleet, name: str) -> str:
    worker = Worker(fleet, name)
    worker.write()
    return worker.submit()


def reports(database: Database) -> int:
    try:
        with database.reading() as db:
            return db.scalar(select(func.count()).select_from(StoredReport)) or 0
    except Exception:  # noqa: BLE001  # the database is on its way back
        return 0


def settings(fleet: Fleet) -> dict[str, str]:
    return {name: value for name, value in fleet.environment.items() if name.startswith("KEYTRAIL_")}


def test_what_needs_postgresql_says_so(tmp_path: Path) -> None:
    (data := tmp_path / "data").mkdir()
    assert keytrail("migrate", data=data).returncode == 0
    for command in (("serve", "--workers", "2"), ("worker",)):
        refused = keytrail(*command, data=data)
        assert (refused.returncode, "SQLite serves one process" in refused.stderr) == (2, True)
