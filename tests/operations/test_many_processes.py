"""Two web processes and two workers on one PostgreSQL: killing any of them loses nothing and does nothing twice."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from subprocess import Popen
from threading import Event

import httpx2
import pytest
from httpx2 import Response
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import DBAPIError

from keytrail.clock import utc_now
from keytrail.db import Database
from keytrail.models import (
    ActionState,
    AnalysisFailure,
    Epoch,
    EventBatch,
    Membership,
    PlatformAction,
    Role,
    StoredReport,
    Submission,
    User,
)
from keytrail.requester.people.access import COOKIE
from keytrail.schema import migrate
from keytrail.studies import ItemRow, StudyDefinition, add_items, create_study
from keytrail.users.signing_in import start_sign_in
from tests.cli.running import keytrail
from tests.operations.fleet import Fleet, children, kill
from tests.platform_actions.mortal_sender import Killing
from tests.platform_actions.prolific_double import STUDY, TOKEN, ProlificDouble, prolific_double
from tests.platform_actions.sending import confirmed
from tests.postgres import RunningServer, restartable_server
from tests.waiting import until
from tests.worker.posting import FIRST
from tests.worker.visitor import Visitor

pytestmark = pytest.mark.postgres
PATIENCE_S = 60
WRITERS = ("A", "B", "C")
LETTERS = 8
MOST_TEXTS = 30
BONUSES = 3


@pytest.fixture
def postgres() -> Iterator[RunningServer]:
    with restartable_server() as server:
        yield server


@pytest.fixture
def double() -> Iterator[ProlificDouble]:
    with prolific_double() as found:
        yield found


@pytest.fixture
def fleet(postgres: RunningServer, double: ProlificDouble, tmp_path: Path) -> Iterator[Fleet]:
    url = f"{postgres.url}/postgres"
    database = Database(url)
    migrate(database.engine)
    with database.writing() as db:
        owner = User(email="o@example.org", name="Olivia", password_hash="!", created_at=utc_now(), may_spend=True)
        db.add(owner)
        db.flush()
        for slug, platform in (("lab", "direct"), ("panel", "prolific")):
            definition = StudyDefinition(
                title=slug.title(),
                slug=slug,
                instructions="Write.",
                minimum_words=1,
                platform=platform,
                places_per_item=1000,
                currency="GBP",
            )
            study = create_study(db, definition, None, utc_now())
            study.platform_options = {"study_id": STUDY} if platform == "prolific" else {}
            add_items(db, study, [ItemRow(key="a", text="A text.")])
            db.add(Membership(user_id=owner.id, study_id=study.id, role=Role.OWNER))
        cookie = start_sign_in(db, owner, 12, utc_now())
    database.close()
    found = Fleet(tmp_path, url)
    found.cookie = cookie
    found.environment |= {"KEYTRAIL_PROLIFIC_URL": double.url, "KEYTRAIL_PROLIFIC_TOKEN": TOKEN}
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

    def __init__(self, fleet: Fleet, name: str, study: str = "lab", **ids: str) -> None:
        self.client = httpx2.Client(base_url=fleet.url, timeout=20)
        fleet.clients.append(self.client)
        self.visitor = Visitor(self.client, study, ids or {"participant": name})
        insist(self.visitor.open)
        answer = insist(lambda: self.visitor.send("consent"))
        self.visitor._read(insist(lambda: self.client.get(answer.headers["location"])))
        self.committed = -1

    def write(self, letters: int) -> Iterator[int]:
        """Send a batch for each letter until it is acknowledged; how many events are, after each."""
        events = FIRST
        for number in range(letters + 1):
            seq = self.committed + 1
            answer = insist(lambda seq=seq, events=events: self.visitor.post_events(seq, events))  # type: ignore[misc]  # bound now
            assert answer.status_code == 200, answer.text
            self.committed = answer.json()["committed"]
            assert self.committed == seq + len(events) - 1
            yield self.committed + 1
            edit = [1, "e", number, 0, "a", "insertText", 2]
            events = [[5, "k", "KeyA", "a", 0], edit, [80, "u", "KeyA", 0]]

    def submit(self, words: str) -> str:
        """Hand in, as often as need be; the receipt."""
        answer = insist(lambda: self.visitor.post_submission(words, events=self.committed + 1))
        assert answer.status_code == 200, answer.text
        return str(answer.json()["receipt"])


@dataclass
class Load:
    """Several people who write one text after the other until they are told to stop."""

    fleet: Fleet
    stopping: Event = field(default_factory=Event)
    acknowledged: Counter[str] = field(default_factory=Counter)
    texts: dict[str, int] = field(default_factory=dict)
    """The acknowledged events of each text that was handed in, by its receipt."""

    def write(self, name: str) -> None:
        """Each text is finished, whoever is killed meanwhile."""
        for number in range(MOST_TEXTS):
            if self.stopping.is_set():
                return
            worker = Worker(self.fleet, f"{name}{number}")
            for _ in worker.write(LETTERS):
                self.acknowledged[name] += 1
            receipt = worker.submit("a" * LETTERS)
            assert worker.submit("a" * LETTERS) == receipt, "a repeat has the same receipt"
            self.texts[receipt] = worker.committed + 1

    def goes_on(self, writers: "list[Future[None]]") -> None:
        """Wait until more batches of everybody were acknowledged than at the call."""
        before = Counter(self.acknowledged)

        def has_gone_on() -> bool:
            for one in writers:
                if one.done():
                    one.result()  # raises what went wrong
            return all(self.acknowledged[name] > before[name] for name in WRITERS)

        until(has_gone_on, "everybody's next batch", seconds=PATIENCE_S)


@dataclass
class KillingServers(Killing):
    """Kills both web processes at the moment at which Prolific has paid, as one of them asked it to."""

    server: "Popen[bytes] | None" = None

    def now(self, path: str, when: str) -> bool:
        """Whether this is the moment."""
        if self.done or when != self.when or not path.endswith(self.path):
            return False
        assert self.server is not None
        self.done = True
        for pid in children(self.server):
            kill(pid)
        return True


class Payer:
    """The owner, who pays a bonus for each text and looks at Prolific where Keytrail does not know."""

    def __init__(self, fleet: Fleet, database: Database, double: ProlificDouble) -> None:
        self._database, self._double = database, double
        self._client = httpx2.Client(base_url=fleet.url, timeout=20, headers={"origin": fleet.url})
        self._client.cookies.set(COOKIE, fleet.cookie)
        fleet.clients.append(self._client)

    def owe(self, receipt: str) -> None:
        """Queue a bonus."""
        values = {"submission": receipt, "amount": "1.00", "reason": "Thank you."}
        assert insist(lambda: self._post("bonus", values)).status_code == 303

    def pay(self) -> None:
        """Send what waits, again and again, until all is sent."""

        def is_paid() -> bool:
            try:
                for number, who, state in self._open():
                    self._pay(number, who, state)
                return not self._open()
            except DBAPIError:  # PostgreSQL is restarting, and this looks into it directly
                return False

        until(is_paid, "the payments", seconds=2 * PATIENCE_S)

    def _pay(self, number: int, who: str, state: ActionState) -> None:
        if state == ActionState.SENDING:  # whoever sent it is dead: let the two minutes pass
            with self._database.writing() as db:
                long_ago = utc_now() - timedelta(minutes=3)
                db.execute(update(PlatformAction).where(PlatformAction.id == number).values(sending_since=long_ago))
        if state == ActionState.UNSURE and who in {paid for paid, _ in self._double.paid}:
            insist(lambda: self._post("done", {"pick": str(number)}))
            return
        again = {"again": "yes"} if state == ActionState.UNSURE else {}
        shown = insist(lambda: self._post("preview", {"pick": str(number), **again}))
        try:
            self._post("sending", confirmed(shown.text))
        except httpx2.TransportError:
            return  # the answer is lost: look at what became of it

    def _post(self, step: str, values: "dict[str, str] | dict[str, str | list[str]]") -> Response:
        return self._client.post(f"/studies/panel/payments/{step}", data=dict(values))

    def _open(self) -> list[tuple[int, str, ActionState]]:
        with self._database.reading() as db:
            rows = db.scalars(select(PlatformAction).where(PlatformAction.state != ActionState.SENT)).all()
            receipts = {one.id: one.submission_id for one in rows}
            visits = {one: self._visit(db.get_one(Submission, receipts[one])) for one in receipts}
            return [(one.id, visits[one.id], ActionState(one.state)) for one in rows]

    @staticmethod
    def _visit(submission: Submission) -> str:
        return submission.text.removeprefix("Words by ")


def test_nothing_is_lost_or_done_twice_whoever_is_killed(
    fleet: Fleet, postgres: RunningServer, double: ProlificDouble
) -> None:
    """Under load. Each kill comes after everybody's work has gone on since the one before."""
    server, workers = fleet.serve(), [fleet.work(), fleet.work()]
    database = Database(f"{postgres.url}/postgres")
    load, payer, paid = Load(fleet), Payer(fleet, database, double), dict[str, int]()
    for number in range(BONUSES):
        ids = {"PROLIFIC_PID": f"P{number}", "SESSION_ID": f"S{number}", "STUDY_ID": STUDY}
        worker = Worker(fleet, "", "panel", **ids)
        receipt = worker.submit(f"Words by S{number}")
        paid[receipt] = 0
        double.statuses[f"S{number}"] = "AWAITING REVIEW"
        payer.owe(receipt)

    def kill_worker(number: int) -> None:
        kill(workers[number].pid)
        workers[number] = fleet.work()

    steps: tuple[Callable[[], None], ...] = (
        lambda: kill(children(server)[0]),
        lambda: kill_worker(0),
        postgres.restart,
        lambda: kill(children(server)[-1]),
        lambda: kill_worker(1),
    )
    killing = double.killing = KillingServers("/pay/", "after", server=server)
    with ThreadPoolExecutor(len(WRITERS) + 1) as people:
        writers = [people.submit(load.write, name) for name in WRITERS]
        try:
            load.goes_on(writers)
            paying = people.submit(payer.pay)
            until(lambda: paying.done() or killing.done, "the first payment", seconds=PATIENCE_S)
            for step in steps:
                load.goes_on(writers)
                step()
            load.goes_on(writers)
        finally:
            load.stopping.set()
        for one in (*writers, paying):
            one.result(timeout=4 * PATIENCE_S)
    assert killing.done
    until(lambda: len(children(server)) == 2, "the killed servers' successors", seconds=PATIENCE_S)

    expected = load.texts | paid
    until(lambda: reports(database) == len(expected), "every report", seconds=PATIENCE_S)
    with database.reading() as db:
        stored = (
            select(Submission.public_id, func.coalesce(func.sum(EventBatch.count), 0))
            .outerjoin(Epoch, Epoch.session_id == Submission.session_id)
            .outerjoin(EventBatch, EventBatch.epoch_id == Epoch.id)
            .group_by(Submission.id)
        )
        assert sorted(map(tuple, db.execute(stored))) == sorted(expected.items()), "every acknowledged event, once"
        assert db.scalar(select(func.count()).select_from(AnalysisFailure)) == 0
    # The workers go on: one of them may hold the lock of a job at any moment, but not for long.
    until(lambda: advisory_locks(database) == 0, "the end of all locks", seconds=PATIENCE_S)
    assert sorted(double.paid) == [(f"S{number}", "1.00") for number in range(BONUSES)]
    checked = keytrail("verify", data=fleet.data, **settings(fleet))
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert f"Checked {(LETTERS + 1) * len(load.texts)} batches of {len(expected)} sessions" in checked.stdout
    metrics = httpx2.get(f"http://127.0.0.1:{fleet.metrics}/metrics").text
    assert "keytrail_ingest_events_total" in metrics, "both processes count into one place"
    database.close()
    server.terminate()
    assert server.wait(60) is not None
    for process in workers:
        before = len(fleet.log("worker.log"))
        process.terminate()
        assert process.wait(60) == 0
        assert "Traceback" not in fleet.log("worker.log")[before:]


def reports(database: Database) -> int:
    try:
        with database.reading() as db:
            return db.scalar(select(func.count()).select_from(StoredReport)) or 0
    except Exception:  # noqa: BLE001  # the database is on its way back
        return 0


def advisory_locks(database: Database) -> int:
    with database.reading() as db:
        return db.scalar(text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")) or 0


def settings(fleet: Fleet) -> dict[str, str]:
    return {name: value for name, value in fleet.environment.items() if name.startswith("KEYTRAIL_")}


def test_what_needs_postgresql_says_so(tmp_path: Path) -> None:
    (data := tmp_path / "data").mkdir()
    assert keytrail("migrate", data=data).returncode == 0
    for command in (("serve", "--workers", "2"), ("worker",)):
        refused = keytrail(*command, data=data)
        assert (refused.returncode, "SQLite serves one process" in refused.stderr) == (2, True)
