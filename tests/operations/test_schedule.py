"""Periodic jobs: once at a time over all processes, and again soon after a failure."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update

from keytrail.db import Database
from keytrail.errors import Conflict
from keytrail.jobs.periodic_jobs import PeriodicJobs
from keytrail.jobs.schedule import PeriodicJob, Schedule
from keytrail.keyring import Keyring
from keytrail.locks import Locks
from keytrail.main import create_app
from keytrail.models import Membership, Role, ScheduledJob, SessionState, Study, User, WritingSession
from keytrail.platforms import Assignment
from keytrail.sessions.lifecycle import open_session
from keytrail.settings import Settings
from keytrail.studies import ItemRow, StudyDefinition, add_items, create_study
from tests.conftest import FakeClock

QUARTER = timedelta(minutes=15)


class Killed(BaseException):
    """What no handler of the program catches."""


@dataclass
class Runs:
    """What the job does: it counts, and then raises the next of `failures`."""

    count: int = 0
    failures: list[BaseException] = field(default_factory=list)

    def __call__(self) -> None:
        self.count += 1
        if self.failures:
            raise self.failures.pop(0)


@pytest.fixture
def runs() -> Runs:
    return Runs()


@pytest.fixture
def schedule(database: Database, clock: FakeClock) -> Schedule:
    return Schedule(database, clock)


@pytest.fixture
def job(runs: Runs) -> PeriodicJob:
    return PeriodicJob("a job", QUARTER, runs)


def stored(database: Database) -> ScheduledJob:
    with database.reading() as db:
        return db.get_one(ScheduledJob, "a job")


def test_a_job_runs_at_once_and_then_at_its_interval(
    schedule: Schedule, job: PeriodicJob, runs: Runs, clock: FakeClock
) -> None:
    assert (schedule.run_if_due(job), schedule.run_if_due(job)) == (True, False)
    clock.advance(minutes=14)
    assert not schedule.run_if_due(job)
    clock.advance(minutes=1)
    assert (schedule.run_if_due(job), runs.count) == (True, 2)


def test_the_first_run_may_wait(schedule: Schedule, runs: Runs, clock: FakeClock) -> None:
    job = PeriodicJob("a job", QUARTER, runs, first_after=QUARTER)
    assert not schedule.run_if_due(job)
    clock.advance(minutes=15)
    assert (schedule.run_if_due(job), runs.count) == (True, 1)


def test_a_failed_job_is_tried_again_at_growing_intervals_until_it_succeeds(
    database: Database, schedule: Schedule, job: PeriodicJob, runs: Runs, clock: FakeClock
) -> None:
    runs.failures = [Conflict("The platform does not answer."), *(ValueError("secret") for _ in range(5))]
    waited = []
    for _ in range(6):
        assert schedule.run_if_due(job)
        waited.append((stored(database).due_at - clock()).total_seconds() / 60)
        clock.now = stored(database).due_at
        if len(waited) == 1:
            assert stored(database).problem == "The platform does not answer."
    assert waited == [1, 2, 4, 8, 15, 15]
    assert (stored(database).tries, stored(database).succeeded_at) == (6, None)
    assert stored(database).problem == "An error in the program stopped it (ValueError)."
    assert schedule.run_if_due(job)
    found = stored(database)
    assert (found.tries, found.problem, found.succeeded_at) == (0, "", clock())
    assert found.due_at == clock() + QUARTER


def test_a_killed_run_is_repeated_after_a_pause(
    database: Database, schedule: Schedule, job: PeriodicJob, runs: Runs, clock: FakeClock
) -> None:
    runs.failures = [Killed()]
    with pytest.raises(Killed):
        schedule.run_if_due(job)
    assert (schedule.run_if_due(job), stored(database).tries) == (False, 1)
    clock.advance(minutes=1)
    assert (Schedule(database, clock).run_if_due(job), runs.count) == (True, 2)


def test_nobody_runs_what_another_process_is_at_however_long_it_takes(
    database: Database, schedule: Schedule, job: PeriodicJob, runs: Runs, clock: FakeClock
) -> None:
    other = Schedule(database, clock) if database.engine.dialect.name == "postgresql" else schedule
    inner: list[bool] = []

    def look_meanwhile() -> None:
        clock.advance(days=1)
        inner.append(other.run_if_due(PeriodicJob("a job", QUARTER, runs)))

    assert schedule.run_if_due(PeriodicJob("a job", QUARTER, look_meanwhile))
    assert (inner, runs.count) == ([False], 0)
    with Locks(database.engine).held("job a job"):
        pass  # nothing is held afterwards
    clock.advance(minutes=15)
    assert other.run_if_due(job)


def test_a_deleted_study_takes_its_jobs_with_it(
    database: Database, schedule: Schedule, runs: Runs, clock: FakeClock
) -> None:
    with database.writing() as db:
        definition = StudyDefinition(title="T", slug="t", instructions="I", minimum_words=1)
        study_id = create_study(db, definition, None, clock()).id

    def delete() -> None:
        with database.writing() as db:
            db.delete(db.get_one(Study, study_id))

    assert schedule.run_if_due(PeriodicJob("a job", QUARTER, delete, study_id))
    with database.reading() as db:
        assert db.get(ScheduledJob, "a job") is None


def assert_asks_for_whoever_may_use_the_account(
    database: Database, clock: FakeClock, comparisons: Callable[[], list[str]]
) -> None:
    """What owners without that right enter must not make this server list somebody else's participants to them."""
    with database.writing() as db:
        people = [User(email=f"{name}@b.org", name=name, password_hash="!", created_at=clock()) for name in "on"]
        db.add_all(people)
        db.flush()
        ids = [person.id for person in people]
        db.add_all(Membership(user_id=number, study_id=1, role=Role.OWNER) for number in ids)
    for spends, found in ((False, []), (True, ["comparison 1"])):
        with database.writing() as db:
            db.get_one(User, ids[1]).may_spend = spends
        assert comparisons() == found


def test_only_running_studies_on_connected_platforms_are_compared(
    database: Database, keyring: Keyring, clock: FakeClock, make_settings: Callable[..., Settings]
) -> None:
    def comparisons(**settings: object) -> list[str]:
        jobs = PeriodicJobs(database, keyring, make_settings(**settings), clock, threading.Event()).comparisons()
        for job in jobs:
            Schedule(database, clock).run_if_due(job)
        return [job.name for job in jobs]

    with database.writing() as db:
        for slug, platform in (("a", "prolific"), ("b", "mturk"), ("c", "prolific")):
            definition = StudyDefinition(title="T", slug=slug, instructions="I", minimum_words=1, platform=platform)
            study = create_study(db, definition, None, clock())
            add_items(db, study, [ItemRow(key="i", text="An item.")])
            study.platform_options = {"study_id": slug * 24}
            if slug != "c":
                open_session(db, study, Assignment(worker_id="P1", assignment_id="S1"), keyring, clock())
    assert comparisons() == []
    assert comparisons(prolific_token="t", compare_minutes=0) == []
    assert comparisons(prolific_token="t") == ["comparison 1"]
    assert_asks_for_whoever_may_use_the_account(database, clock, lambda: comparisons(prolific_token="t"))
    with database.writing() as db:
        assert db.get_one(ScheduledJob, "comparison 1").due_at == clock() + QUARTER, "the first one waits"
        db.execute(update(WritingSession).values(state=SessionState.RETURNED))
    assert comparisons(prolific_token="t", compare_minutes=0) == []
    with database.reading() as db:
        assert db.get(ScheduledJob, "comparison 1") is None, "what has ended is never overdue"


@pytest.mark.parametrize("background", ["inside", "worker"])
def test_web_processes_do_no_background_work_where_workers_do_it(
    make_settings: Callable[..., Settings], database_url: str, background: str
) -> None:
    settings = make_settings(database_url=database_url, background=background)
    before = set(threading.enumerate())
    with TestClient(create_app(settings), base_url="http://keytrail.test") as client:
        assert client.get("/healthz").status_code == 200
        begun = {thread.name for thread in set(threading.enumerate()) - before if thread.name.startswith("keytrail")}
    begun -= {"keytrail-recovery"}  # ends at once on SQLite
    every = {"analyst", "notifier", "notifications", "comparisons", "retention"}
    assert begun == ({f"keytrail-{name}" for name in every} if background == "inside" else set())
