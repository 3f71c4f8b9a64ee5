"""The demo's scenario: its studies are published, worked on, analysed, judged and paid."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from rich.console import Console
from sqlalchemy import select

from keytrail.demo.filling import payments
from keytrail.demo.filling.classifier import analyse, teach
from keytrail.demo.filling.context import DemoContext
from keytrail.demo.filling.decisions import add_colleagues, judge
from keytrail.demo.filling.self_reports import answer_questions
from keytrail.demo.filling.sessions import (
    AbandonedSession,
    FinishedSession,
    abandon_work,
    do_work,
    hand_in_nothing,
    read_sessions,
)
from keytrail.demo.filling.statements import let_workers_explain, object_to_exclusions
from keytrail.demo.studies import ABSTRACTS, COMPARED, GERMAN, DemoStudy, add_draft
from keytrail.models import Study, Submission, User
from keytrail.review.analysis.bridge import analyse_submission, load_for_analysis
from keytrail.text.classifier.model import TextModel, train_model

_OPENED: Final = timedelta(days=40)
_JUDGED: Final = 60
_PAID: Final = 30
_GERMAN_JUDGED: Final = 6
_LEFT: Final = ("plain page", "no pasting", "request", "no pasting", "plain page", "no pasting", "request")
"""Conditions in which a worker began and did not submit."""


@dataclass(frozen=True)
class StudyPhase:
    """A period in which one study was open: places per item, budget, and sessions."""

    study: DemoStudy
    places: int
    budget_cents: int
    worked: Sequence[FinishedSession]

    @property
    def begins(self) -> datetime:
        """When it was published: an hour before the first session."""
        return min(one.began_at for one in self.worked) - timedelta(hours=1)

    @property
    def ends(self) -> datetime:
        """When the last text was submitted."""
        return self.worked[-1].submitted_at


def opening_time(now: datetime) -> datetime:
    """When the marketplace opens: before anything else in the demo."""
    return now - _OPENED


def run_scenario(context: DemoContext, now: datetime, console: Console) -> None:
    """Fill a new database and a new marketplace."""
    with context.database.writing() as db:
        colleagues = add_colleagues(db, opening_time(now))
    model = _conditions_compared(context, now, colleagues, console)
    _german_texts(context, now, colleagues)
    _abstracts_summarised(context, now, colleagues, console, model)
    with context.database.writing() as db:
        add_draft(db, db.get_one(User, context.owner_id), now)


def _conditions_compared(
    context: DemoContext, now: datetime, colleagues: tuple[User, User], console: Console
) -> TextModel:
    """A finished study: everything judged and paid. Returns its classifier."""
    ended = now - timedelta(days=12)
    chapter = StudyPhase(COMPARED, places=6, budget_cents=150_00, worked=read_sessions(COMPARED.files, ended))
    study_id = _publish(context, chapter)
    with context.database.writing() as db, context.market.floor() as floor:
        study = db.get_one(Study, study_id)
        do_work(db, floor, study, chapter.worked, context.keyring)
        left = [
            AbandonedSession(f"SIMULATED8{number:02}", one.session.item_id or "", one.submitted_at, condition)
            for number, (one, condition) in enumerate(zip(chapter.worked, _LEFT, strict=False))
        ]
        abandon_work(db, floor, study, left, context.keyring)
        answer_questions(db, study)
    context.at(chapter.ends + timedelta(days=1))
    model = teach(context, COMPARED.slug, opening_time(now), train_model, console)
    analyse(context, COMPARED.slug, console)
    with context.database.writing() as db:
        judge(db, db.get_one(Study, study_id), colleagues, len(chapter.worked), context.now)
    context.at(context.now + timedelta(days=1))
    payments.pay(context, study_id)
    payments.end(context, study_id)
    context.reconciler.compare(study_id)
    return model


def _abstracts_summarised(
    context: DemoContext, now: datetime, colleagues: tuple[User, User], console: Console, model: TextModel
) -> None:
    """The main study: still open, partly judged, partly paid; the rest is left to the demo's visitor."""
    ended = now - timedelta(hours=20)
    chapter = StudyPhase(ABSTRACTS, places=20, budget_cents=400_00, worked=read_sessions(ABSTRACTS.files, ended))
    study_id = _publish(context, chapter)
    first, second, third = (one.session.item_id or "" for one in chapter.worked[:3])
    with context.database.writing() as db, context.market.floor() as floor:
        study = db.get_one(Study, study_id)
        do_work(db, floor, study, chapter.worked, context.keyring)
        hand_in_nothing(db, floor, study, AbandonedSession("SIMULATED901", first, chapter.ends))
        left = [
            AbandonedSession("SIMULATED902", second, chapter.ends),
            AbandonedSession("SIMULATED903", third, now - timedelta(minutes=20)),
        ]
        abandon_work(db, floor, study, left, context.keyring)
        let_workers_explain(db, study)
    context.at(now - timedelta(hours=6))
    # Trained on the same texts about the same items, it would be the same model.
    teach(context, ABSTRACTS.slug, opening_time(now), lambda *_, **__: model, console)
    analyse(context, ABSTRACTS.slug, console)
    with context.database.writing() as db:
        judge(db, db.get_one(Study, study_id), colleagues, _JUDGED, context.now)
    context.at(now - timedelta(hours=1))
    # Only then is the work confirmed, which an exclusion requires.
    context.reconciler.compare(study_id)
    payments.pay(context, study_id, _PAID)
    payments.give_bonuses(context, study_id)
    payments.refuse_what_was_approved(context, study_id)
    payments.exclude_worker(context, study_id)
    object_to_exclusions(context, study_id, colleagues[0])
    context.at(now)
    context.reconciler.compare(study_id)


def _german_texts(context: DemoContext, now: datetime, colleagues: tuple[User, User]) -> None:
    """A small study in German, partly judged. Its reports rest on the logs alone: it has no classifier."""
    ended = now - timedelta(days=8)
    chapter = StudyPhase(GERMAN, places=8, budget_cents=40_00, worked=read_sessions(GERMAN.files, ended))
    study_id = _publish(context, chapter)
    with context.database.writing() as db, context.market.floor() as floor:
        study = db.get_one(Study, study_id)
        do_work(db, floor, study, chapter.worked, context.keyring)
        let_workers_explain(db, study)
    context.at(chapter.ends + timedelta(hours=2))
    with context.database.writing() as db:
        for submission_id in db.scalars(select(Submission.id).where(Submission.study_id == study_id)).all():
            submission = load_for_analysis(db, submission_id)
            if submission is not None:
                analyse_submission(db, submission, context.now)
        judge(db, db.get_one(Study, study_id), colleagues, _GERMAN_JUDGED, context.now)
    context.reconciler.compare(study_id)


def _publish(context: DemoContext, chapter: StudyPhase) -> int:
    context.at(chapter.begins)
    with context.database.writing() as db:
        study_id = chapter.study.add(db, db.get_one(User, context.owner_id), context.now).id
    payments.publish(context, study_id, chapter.places, chapter.budget_cents)
    return study_id
