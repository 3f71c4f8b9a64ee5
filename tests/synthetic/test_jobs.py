from datetime import timedelta

import pytest
from sqlalchemy import select

from keytrail.clock import utc_now
from keytrail.errors import Conflict
from keytrail.models import AuditEntry, JobStep, TextJob, TextScore, User
from keytrail.synthetic.training.jobs import GIVEN_UP_AFTER, begin_job, run_job, run_job_in_child, under_way
from keytrail.synthetic.training.references import import_references
from tests.synthetic.conftest import ToyStudy
from tests.text import toycorpus


def _begin(toys: ToyStudy) -> TextJob:
    with toys.database.writing() as db:
        user = db.scalar(select(User)) or User(email="a@b.org", name="A", password_hash="!", created_at=toys.clock())
        db.add(user)
        db.flush()
        return begin_job(db, toys.study(db), user, toys.clock())


def _job(toys: ToyStudy) -> TextJob:
    with toys.database.reading() as db:
        return db.scalars(select(TextJob)).one()


def _fill(toys: ToyStudy) -> None:
    with toys.database.writing() as db:
        import_references(db, toys.study(db), toys.write_references(), toys.clock())
    toys.submit(1, toycorpus.machine_text(1, 900), pasted=False)
    toys.submit(2, toycorpus.human_text(2, 900), pasted=False)


def test_a_process_of_its_own_trains_and_scores(toys: ToyStudy) -> None:
    _fill(toys)
    job = _begin(toys)
    url = toys.database.engine.url.render_as_string(hide_password=False)
    run_job_in_child(url, job.study_id, job.run, utc_now, own_sessions=False)
    found = _job(toys)
    assert (found.step, found.done, found.total, found.problem) == (JobStep.DONE, 2, 2, "")
    with toys.database.reading() as db:
        assert len(db.scalars(select(TextScore)).all()) == 2
        assert [entry.action for entry in db.scalars(select(AuditEntry))] == ["train classifier"]


def test_what_fails_is_told(toys: ToyStudy) -> None:
    job = _begin(toys)
    run_job(toys.database, job.study_id, job.run, toys.clock, own_sessions=False)
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
    run_job(toys.database, job.study_id, old, toys.clock, own_sessions=False)
    assert (_job(toys).step, _job(toys).problem) == (JobStep.TRAINING, "")
