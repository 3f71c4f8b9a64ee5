"""Cached estimates are current, or labelled as outdated."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from keytrail.models import (
    AcrossFinding,
    Decision,
    DecisionKind,
    Item,
    ReferenceText,
    SessionState,
    Submission,
    TextScore,
    TrainedModel,
    User,
    Worker,
    WritingSession,
)
from keytrail.review.analysis.bridge import analyse_submission, load_for_analysis
from keytrail.review.retention.erasure import erase_worker
from keytrail.studies.conditions import Condition
from keytrail.synthetic.prevalence.cache import (
    CONDITIONS,
    PREVALENCE,
    CachedFigures,
    FigureKind,
    current_figures,
    look_up,
)
from keytrail.synthetic.prevalence.cache.fingerprint import fingerprint
from keytrail.synthetic.prevalence.comparison import StudyComparison
from tests.synthetic.conftest import ToyStudy
from tests.text import toycorpus

Change = Callable[[Session, ToyStudy], object]


def _cached(toys: ToyStudy, kind: FigureKind[Any]) -> CachedFigures[Any]:
    with toys.database.reading() as db:
        return look_up(db, kind, [toys.study(db)], toys.clock())


def _work_out(toys: ToyStudy, kind: FigureKind[Any]) -> Any:
    with toys.database.reading() as db:
        study = toys.study(db)
    return current_figures(toys.database, kind, [study], toys.clock, in_child=False)[0]


def _fingerprint(toys: ToyStudy, kind: FigureKind[Any]) -> str:
    with toys.database.reading() as db:
        return fingerprint(db, kind, [toys.study(db)], toys.clock())


def _last(db: Session) -> Submission:
    return db.scalars(select(Submission).order_by(Submission.id.desc()).limit(1)).one()


def _analyse_again(db: Session, toys: ToyStudy) -> None:
    loaded = load_for_analysis(db, _last(db).id)
    assert loaded is not None
    analyse_submission(db, loaded, toys.clock())


def _score(db: Session, toys: ToyStudy, likely: float = 0.5) -> None:
    score = TextScore(submission_id=_last(db).id, study_id=toys.study(db).id, model_version="1", body={})
    score.scored_at, score.outcome, score.probability = toys.clock(), "unsure", likely
    score.reads_synthetic, score.trained_on = None, False
    db.add(score)


def _train(db: Session, toys: ToyStudy) -> None:
    errors = {"sensitivity": {"right": 8, "tried": 9}, "specificity": {"right": 7, "tried": 9}, "counted_on": "texts"}
    model = TrainedModel(study_id=toys.study(db).id, version="2", trained_at=toys.clock(), body={}, errors=errors)
    db.add(model)


def _suspect(db: Session, toys: ToyStudy) -> None:
    db.add(AcrossFinding(submission_id=_last(db).id, rule="same_text", study_id=toys.study(db).id, body={}))


def _refer(db: Session, toys: ToyStudy) -> None:
    text = ReferenceText(study_id=toys.study(db).id, item_id=_last(db).item_id, text="A text.", made_at=toys.clock())
    text.by_model, text.model, text.prompt, text.temperature, text.number, text.key = False, "", "", -1, 0, "k"
    db.add(text)


def _erase(db: Session, toys: ToyStudy) -> None:
    erase_worker(db, [db.scalars(select(Worker.id)).first() or 0], toys.clock())


def _begin(db: Session, toys: ToyStudy) -> WritingSession:
    one = db.scalars(select(WritingSession)).first()
    assert one is not None
    session = WritingSession(
        study_id=one.study_id,
        item_id=one.item_id,
        worker_id=one.worker_id,
        assignment_pseudonym="another",
        condition="plain",
        consented_at=toys.clock(),
        expires_at=toys.clock() + timedelta(hours=1),
    )
    db.add(session)
    return session


def _rename(db: Session, toys: ToyStudy) -> None:
    toys.study(db).conditions = [Condition(name="other").as_json()]


def _add_item(db: Session, toys: ToyStudy) -> None:
    db.add(Item(study_id=toys.study(db).id, key="new", text="A new text."))


CHANGES = (_analyse_again, _score, _train, _suspect, _refer, _add_item, _rename, _erase)


def _note(toys: ToyStudy, change: Change) -> None:
    with toys.database.writing() as db:
        change(db, toys)


def test_figures_come_back_as_they_were_made(handed_in: ToyStudy) -> None:
    for kind in (PREVALENCE, CONDITIONS):
        assert not _cached(handed_in, kind).found
        with handed_in.database.reading() as db:
            made = kind.make(db, [handed_in.study(db)], handed_in.clock())
        assert _work_out(handed_in, kind).as_json() == made.as_json()
        cached = _cached(handed_in, kind)
        assert cached.found is not None
        assert (cached.changed, cached.due, cached.failed) == (False, False, False)


@pytest.mark.parametrize("kind", [PREVALENCE, CONDITIONS], ids=lambda kind: kind.name)
def test_whatever_they_rest_on_makes_another_fingerprint(handed_in: ToyStudy, kind: FigureKind[Any]) -> None:
    seen = [_fingerprint(handed_in, kind)]
    assert _fingerprint(handed_in, kind) == seen[0]
    handed_in.submit(3, toycorpus.human_text(3, 300), pasted=False)
    seen.append(_fingerprint(handed_in, kind))
    for change in CHANGES:
        _note(handed_in, change)
        seen.append(_fingerprint(handed_in, kind))
    assert len(set(seen)) == len(CHANGES) + 2


def test_a_new_submission_shows_as_changed_until_they_are_worked_out(handed_in: ToyStudy) -> None:
    _work_out(handed_in, PREVALENCE)
    handed_in.submit(3, toycorpus.human_text(3, 300), pasted=False)
    cached = _cached(handed_in, PREVALENCE)
    assert cached.changed
    assert cached.found is not None
    assert cached.found.analysed == 3
    assert _work_out(handed_in, PREVALENCE).analysed == 4
    assert not _cached(handed_in, PREVALENCE).changed


def test_a_row_that_is_written_again_shows_as_changed(handed_in: ToyStudy) -> None:
    _note(handed_in, _score)
    _work_out(handed_in, PREVALENCE)
    with handed_in.database.writing() as db:
        db.scalars(select(TextScore)).one().probability = 0.6
    assert _cached(handed_in, PREVALENCE).changed


def test_one_that_goes_and_one_that_comes_are_a_change(handed_in: ToyStudy) -> None:
    _work_out(handed_in, PREVALENCE)
    _note(handed_in, _erase)
    handed_in.submit(3, toycorpus.human_text(3, 300), pasted=False)
    assert _cached(handed_in, PREVALENCE).changed


def test_unfinished_sessions_count_where_conditions_are_compared(handed_in: ToyStudy) -> None:
    for kind in (PREVALENCE, CONDITIONS):
        _work_out(handed_in, kind)
    _note(handed_in, _begin)
    assert not _cached(handed_in, PREVALENCE).changed
    assert _cached(handed_in, CONDITIONS).changed
    assert _under_way(_work_out(handed_in, CONDITIONS)) == 1
    handed_in.clock.advance(hours=1)
    assert _cached(handed_in, CONDITIONS).changed
    assert _under_way(_work_out(handed_in, CONDITIONS)) == 0
    with handed_in.database.writing() as db:
        session = db.scalars(select(WritingSession).where(WritingSession.assignment_pseudonym == "another")).one()
        session.state = SessionState.RETURNED
    assert _cached(handed_in, CONDITIONS).changed


def _under_way(found: StudyComparison) -> int:
    return next(counts.under_way for counts in found.counts if counts.condition == "plain")


def test_a_decision_changes_no_figure(handed_in: ToyStudy) -> None:
    _work_out(handed_in, PREVALENCE)
    with handed_in.database.writing() as db:
        user = User(email="a@b.org", name="A", password_hash="!", created_at=handed_in.clock())
        db.add(user)
        db.flush()
        decision = Decision(submission_id=_last(db).id, user_id=user.id, kind=DecisionKind.ACCEPT, reason="")
        decision.decided_at = handed_in.clock()
        db.add(decision)
    assert not _cached(handed_in, PREVALENCE).changed


def test_a_study_in_full_swing_is_worked_out_once_a_minute(handed_in: ToyStudy) -> None:
    _work_out(handed_in, PREVALENCE)
    _note(handed_in, _analyse_again)
    cached = _cached(handed_in, PREVALENCE)
    assert (cached.changed, cached.due) == (True, False)
    handed_in.clock.advance(minutes=1)
    assert _cached(handed_in, PREVALENCE).due
