"""Trainings and estimates that a killed process was at, or that a web server handed over."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from threading import Event
from typing import Any

import pytest

from keytrail.db import Database
from keytrail.jobs import recovery
from keytrail.jobs.recovery import Recovery
from keytrail.locks import Locks
from keytrail.models import JobKind, JobStep, Study, TextJob, User
from keytrail.settings import Settings
from keytrail.studies import study_by_slug
from keytrail.synthetic.prevalence.cache import PREVALENCE, begin_refresh, cache_key, look_up, refresh
from keytrail.synthetic.training import jobs
from keytrail.synthetic.training.jobs import JobPlan, begin_job
from tests.conftest import FakeClock
from tests.requester.night_study import night_study
from tests.requester.site import Site


@pytest.fixture
def site(make_settings: Callable[..., Settings], database_url: str, clock: FakeClock) -> Iterator[Site]:
    found = night_study(make_settings(database_url=database_url), clock)
    yield found
    found.database.close()


@pytest.fixture
def began(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, bool]]:
    """The runs of trainings that a child process would do: each ends without a word."""
    runs: list[tuple[int, bool]] = []

    def note(_url: str, _study: int, run: int, _clock: Any, plan: JobPlan) -> None:
        runs.append((run, plan.own_sessions))

    monkeypatch.setattr(jobs, "run_job_in_child", note)
    monkeypatch.setattr(refresh, "compute_in_child", refresh.compute)
    return runs


def begin(site: Site) -> None:
    with site.database.writing() as db:
        user = db.get_one(User, site.people["olivia"])
        begin_job(db, study_by_slug(db, "night"), user, JobKind.TRAINING, site.clock(), own_sessions=True)


def look(site: Site, *, handed_over: bool = False) -> None:
    Recovery(site.database, site.clock, handed_over=handed_over).look(Event())


def job(database: Database) -> TextJob:
    with database.reading() as db:
        return db.get_one(TextJob, 1)


def is_shared(site: Site) -> bool:
    return site.database.engine.dialect.name == "postgresql"


def test_a_training_that_was_left_behind_is_begun_anew_once(site: Site, began: list[tuple[int, bool]]) -> None:
    begin(site)
    if is_shared(site):
        look(site)
        assert began == [], "whoever began it is about to hold its lock"
        site.clock.advance(minutes=2)
    look(site)
    assert began == [(2, True)], "as another run, so that the first can write nothing more"
    found = job(site.database)
    assert (found.step, "ended unexpectedly" in found.problem) == (JobStep.FAILED, True)
    look(site)
    assert len(began) == 1, "what kills its process is not begun for ever"


def test_a_training_that_was_handed_over_is_begun_at_once_and_not_while_somebody_is_at_it(
    site: Site, began: list[tuple[int, bool]]
) -> None:
    begin(site)
    if is_shared(site):
        for name in ("training 1", "resume training 1"):
            with Locks(site.database.engine).held(name) as mine:
                assert mine
                look(site, handed_over=True)
        assert began == []
    look(site, handed_over=True)
    assert began == [(2, True)]


def test_an_old_training_is_left_to_people(site: Site, began: list[tuple[int, bool]]) -> None:
    begin(site)
    site.clock.now += timedelta(hours=1)
    look(site)
    assert began == []


def test_an_estimate_that_was_handed_over_is_made(site: Site, began: list[tuple[int, bool]]) -> None:
    with site.database.reading() as db:
        study = db.get_one(Study, 1)
    subject = cache_key(PREVALENCE, [study])
    assert begin_refresh(site.database, subject, site.clock) == 1
    look(site, handed_over=True)
    with site.database.reading() as db:
        cached = look_up(db, PREVALENCE, [study], site.clock())
    assert (cached.found is not None, cached.under_way) == (True, False)


def test_a_database_that_is_away_does_not_end_it(
    site: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    stopping = Event()

    def fail(*_: object) -> None:
        stopping.set()
        raise RuntimeError("away")

    monkeypatch.setattr(recovery, "begun_jobs", fail)
    Recovery(site.database, site.clock, handed_over=True).run(stopping)
    assert "it goes on" in caplog.text


def test_a_lock_is_held_by_one_and_ends_with_its_block(database: Database) -> None:
    first = Locks(database.engine)
    second = Locks(database.engine) if database.engine.dialect.name == "postgresql" else first
    with first.held("a") as mine, second.held("a") as theirs, second.held("b") as other:
        assert (mine, theirs, other) == (True, False, True)
    with second.held("a") as mine:
        assert mine
