from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from keytrail.clock import utc_now
from keytrail.db import Database
from keytrail.errors import Unavailable
from keytrail.models import StudyFigures
from keytrail.synthetic.prevalence.cache import (
    JOINT,
    PREVALENCE,
    CachedFigures,
    cache_key,
    current_figures,
    look_up,
    refresh,
    refresh_figures,
)
from keytrail.synthetic.prevalence.cache.kinds import CacheKey
from keytrail.synthetic.prevalence.cache.lookup import GIVEN_UP_AFTER
from tests.synthetic.conftest import ToyStudy, begin
from tests.text import toycorpus


def _subject(toys: ToyStudy) -> CacheKey:
    with toys.database.reading() as db:
        return cache_key(PREVALENCE, [toys.study(db)])


def _look(toys: ToyStudy) -> CachedFigures[Any]:
    with toys.database.reading() as db:
        return look_up(db, PREVALENCE, [toys.study(db)], toys.clock())


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Runs that were begun, worked out in this process."""
    runs: list[int] = []

    def work(database: Database, subject: CacheKey, run: int, clock: Any) -> None:
        runs.append(run)
        refresh.compute(database, subject, run, clock)

    monkeypatch.setattr(refresh, "compute_in_child", work)
    return runs


def test_a_process_of_its_own_works_them_out(toys: ToyStudy) -> None:
    toys.submit(1, toycorpus.human_text(1, 300), pasted=False)
    with toys.database.reading() as db:
        study = toys.study(db)
    found, at = current_figures(toys.database, PREVALENCE, [study], utc_now)
    assert (found.submissions, found.analysed) == (1, 1)
    assert current_figures(toys.database, PREVALENCE, [study], utc_now) == (found, at)


def test_two_who_look_have_them_worked_out_once(handed_in: ToyStudy, here: list[int]) -> None:
    subject = _subject(handed_in)
    with handed_in.database.writing() as db:
        db.add(StudyFigures(key=subject.key, study_id=subject.study_ids[0], run=1, begun_at=handed_in.clock()))
    cached = _look(handed_in)
    assert (cached.under_way, cached.due, cached.coming) == (True, False, True)
    refresh_figures(handed_in.database, subject, handed_in.clock)
    assert here == []
    handed_in.clock.now += GIVEN_UP_AFTER
    assert _look(handed_in).due
    refresh_figures(handed_in.database, subject, handed_in.clock)
    assert here == [2]
    assert _look(handed_in).found is not None


def test_a_run_that_was_given_up_is_without_effect(handed_in: ToyStudy) -> None:
    subject = _subject(handed_in)
    with handed_in.database.writing() as db:
        db.add(StudyFigures(key=subject.key, study_id=subject.study_ids[0], run=2, begun_at=handed_in.clock()))
    refresh.compute(handed_in.database, subject, 1, handed_in.clock)
    assert _look(handed_in).found is None
    refresh.compute(handed_in.database, subject, 2, handed_in.clock)
    assert _look(handed_in).found is not None


def test_what_fails_is_told_and_tried_again_when_something_changes(
    handed_in: ToyStudy, here: list[int], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr(refresh, "KINDS", {"prevalence": replace(PREVALENCE, make=fail)})
    refresh_figures(handed_in.database, _subject(handed_in), handed_in.clock)
    assert "prevalence figures" in caplog.text
    cached = _look(handed_in)
    assert (cached.found, cached.failed, cached.coming) == (None, True, False)
    handed_in.clock.advance(minutes=2)
    assert not _look(handed_in).due
    with handed_in.database.reading() as db:
        study = handed_in.study(db)
    with pytest.raises(Unavailable):
        current_figures(handed_in.database, PREVALENCE, [study], handed_in.clock)
    monkeypatch.undo()
    handed_in.submit(3, toycorpus.human_text(3, 300), pasted=False)
    assert _look(handed_in).due


def test_a_process_that_is_killed_counts_as_failed(handed_in: ToyStudy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refresh, "run_in_child", lambda *_: None)
    refresh_figures(handed_in.database, _subject(handed_in), handed_in.clock)
    cached = _look(handed_in)
    assert (cached.failed, cached.coming) == (True, False)
    handed_in.clock.advance(minutes=1)
    assert _look(handed_in).due


def test_several_studies_have_one_row_however_they_are_named(handed_in: ToyStudy) -> None:
    more = replace(handed_in, slug="more")
    begin(more)
    with handed_in.database.reading() as db:
        studies = [more.study(db), handed_in.study(db)]
    found = [
        current_figures(handed_in.database, JOINT, order, handed_in.clock, in_child=False)
        for order in (studies, studies[::-1])
    ]
    assert found[0] == found[1]
    assert [one.slug for one in found[0][0].studies] == ["toys", "more"]
    with handed_in.database.reading() as db:
        (row,) = db.scalars(select(StudyFigures))
        assert row.run == 1
