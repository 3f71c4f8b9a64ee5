from datetime import timedelta

import pytest
from sqlalchemy import select

from keytrail.clock import utc_now
from keytrail.errors import Conflict
from keytrail.models import AuditEntry, JobKind, JobStep, ReferenceText, TextJob, TextScore, User
from keytrail.synthetic.generation.references import Wanted, expected
from keytrail.synthetic.training.jobs import (
    GIVEN_UP_AFTER,
    JobPlan,
    ReferenceOrder,
    begin_job,
    run_job,
    run_job_in_child,
    stop_job,
    under_way,
)
from keytrail.synthetic.training.references import import_references
from tests.synthetic.conftest import ToyStudy
from tests.synthetic.endpoint import TOKENS, serving
from tests.text import toycorpus


def _begin(toys: ToyStudy) -> TextJob:
    with toys.database.writing() as db:
        user = db.scalar(select(User)) or User(email="a@b.org", name="A", password_hash="!", created_at=toys.clock())
        db.add(user)
        db.flush()
        return begin_job(db, toys.study(db), user, JobKind.TRAINING, toys.clock())


def _job(toys: ToyStudy) -> TextJob:
    with toys.database.reading() as db:
        return db.scalars(select(TextJob)).one()


def _fill(toys: ToyStudy) -> None:
    import_references(toys.database, toys.slug, toys.write_references(), toys.clock())
    toys.submit(1, toycorpus.machine_text(1, 900), pasted=False)
    toys.submit(2, toycorpus.human_text(2, 900), pasted=False)


def test_a_process_of_its_own_trains_and_scores(toys: ToyStudy) -> None:
    _fill(toys)
    job = _begin(toys)
    url = toys.database.engine.url.render_as_string(hide_password=False)
    run_job_in_child(url, job.study_id, job.run, utc_now, JobPlan(JobKind.TRAINING))
    found = _job(toys)
    assert (found.step, found.done, found.total, found.problem) == (JobStep.DONE, 2, 2, "")
    with toys.database.reading() as db:
        assert len(db.scalars(select(TextScore)).all()) == 2
        assert [entry.action for entry in db.scalars(select(AuditEntry))] == ["train classifier"]


def test_what_fails_is_told(toys: ToyStudy) -> None:
    job = _begin(toys)
    run_job(toys.database, job.study_id, job.run, toys.clock, JobPlan(JobKind.TRAINING))
    found = _job(toys)
    assert found.step == JobStep.FAILED
    assert "Training needs" in found.problem


def test_one_run_at_a_time_until_it_is_given_up(toys: ToyStudy) -> None:
    job = _begin(toys)
    assert under_way(job, toys.clock())
    with pytest.raises(Conflict):
        _begin(toys)
    toys.clock.now += GIVEN_UP_AFTER + timedelta(seconds=1)
    assert not under_way(_job(toys), toys.clock())
    assert _begin(toys).run == 2


def test_an_old_run_does_not_write_into_a_new_ones_progress(toys: ToyStudy) -> None:
    old = _begin(toys).run
    toys.clock.now += GIVEN_UP_AFTER
    job = _begin(toys)
    run_job(toys.database, job.study_id, old, toys.clock, JobPlan(JobKind.TRAINING))
    assert (_job(toys).step, _job(toys).problem) == (JobStep.TRAINING, "")


def test_references_are_asked_for_with_progress(toys: ToyStudy) -> None:
    job = _begin(toys)
    with serving() as endpoint:
        order = ReferenceOrder(Wanted(["toy"], [0.7], count=1), endpoint.url, "secret", per_minute=6000)
        run_job(toys.database, job.study_id, job.run, toys.clock, JobPlan(JobKind.REFERENCES, order=order))
    found = _job(toys)
    items = len(toycorpus.items())
    assert (found.step, found.done, found.total, found.problem) == (JobStep.DONE, items, items, "")
    with toys.database.reading() as db:
        assert len(db.scalars(select(ReferenceText)).all()) == items
        left = expected(db, toys.slug, Wanted(["toy"], [0.7], count=2))
    assert (left.texts, left.used) == (items, items * TOKENS)
    assert left.tokens > 100 * items
    assert "secret" not in repr(order)


def test_a_stopped_job_keeps_what_it_made(toys: ToyStudy) -> None:
    job = _begin(toys)
    with serving() as endpoint, toys.database.writing() as db:
        stop_job(db, toys.study(db), toys.clock())
    order = ReferenceOrder(Wanted(["toy"], [0.7], count=1), endpoint.url, "")
    run_job(toys.database, job.study_id, job.run, toys.clock, JobPlan(JobKind.REFERENCES, order=order))
    found = _job(toys)
    assert (found.step, found.problem) == (JobStep.FAILED, "It was stopped. What was done so far is kept.")
    assert endpoint.asked == []
