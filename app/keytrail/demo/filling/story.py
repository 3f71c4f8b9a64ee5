"""How the demo's studies went, told in order: published, worked on, analysed, judged, paid."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from rich.console import Console

from keytrail.demo.filling import payments
from keytrail.demo.filling.answers import answer_questions
from keytrail.demo.filling.classifier import analyse, teach
from keytrail.demo.filling.decisions import add_colleagues, judge
from keytrail.demo.filling.desk import Desk
from keytrail.demo.filling.sessions import Left, Worked, do_work, hand_in_nothing, leave_work, read_sessions
from keytrail.demo.studies import ABSTRACTS, COMPARED, DemoStudy
from keytrail.models import Study, User
from keytrail.text.classifier.model import TextModel, train_model

_OPENED: Final = timedelta(days=40)
_JUDGED: Final = 60
_PAID: Final = 30
_LEFT: Final = ("plain page", "no pasting", "request", "no pasting", "plain page", "no pasting", "request")
"""Conditions in which somebody began and did not hand in."""


@dataclass(frozen=True)
class Chapter:
    """One study while it was open: places an item, what it may cost, and its sessions."""

    study: DemoStudy
    places: int
    budget_cents: int
    worked: Sequence[Worked]

    @property
    def begins(self) -> datetime:
        """When it was published: an hour before anybody began."""
        return min(one.began_at for one in self.worked) - timedelta(hours=1)

    @property
    def ends(self) -> datetime:
        """When the last text was handed in."""
        return self.worked[-1].submitted_at


def opening_time(now: datetime) -> datetime:
    """When the marketplace opens: before anything of the demo."""
    return now - _OPENED


def tell_story(desk: Desk, now: datetime, console: Console) -> None:
    """Fill a new database and a new marketplace."""
    with desk.database.writing() as db:
        colleagues = add_colleagues(db, opening_time(now))
    model = _conditions_compared(desk, now, colleagues, console)
    _abstracts_summarised(desk, now, colleagues, console, model)


def _conditions_compared(desk: Desk, now: datetime, colleagues: tuple[User, User], console: Console) -> TextModel:
    """A study that is over: everything judged and paid. Returns its classifier."""
    ended = now - timedelta(days=12)
    chapter = Chapter(COMPARED, places=6, budget_cents=150_00, worked=read_sessions(COMPARED.files, ended))
    study_id = _publish(desk, chapter)
    with desk.database.writing() as db, desk.market.floor() as floor:
        study = db.get_one(Study, study_id)
        do_work(db, floor, study, chapter.worked, desk.keyring)
        left = [
            Left(f"SIMULATED8{number:02}", one.session.item_id or "", one.submitted_at, condition)
            for number, (one, condition) in enumerate(zip(chapter.worked, _LEFT, strict=False))
        ]
        leave_work(db, floor, study, left, desk.keyring)
        answer_questions(db, study)
    desk.at(chapter.ends + timedelta(days=1))
    model = teach(desk, COMPARED.slug, opening_time(now), train_model, console)
    analyse(desk, COMPARED.slug, console)
    with desk.database.writing() as db:
        judge(db, db.get_one(Study, study_id), colleagues, len(chapter.worked), desk.now)
    desk.at(desk.now + timedelta(days=1))
    payments.pay(desk, study_id)
    payments.end(desk, study_id)
    desk.reconciler.compare(study_id)
    return model


def _abstracts_summarised(
    desk: Desk, now: datetime, colleagues: tuple[User, User], console: Console, model: TextModel
) -> None:
    """The main study: still open, partly judged, partly paid; the rest waits for whoever tries the demo."""
    ended = now - timedelta(hours=20)
    chapter = Chapter(ABSTRACTS, places=20, budget_cents=400_00, worked=read_sessions(ABSTRACTS.files, ended))
    study_id = _publish(desk, chapter)
    first, second, third = (one.session.item_id or "" for one in chapter.worked[:3])
    with desk.database.writing() as db, desk.market.floor() as floor:
        study = db.get_one(Study, study_id)
        do_work(db, floor, study, chapter.worked, desk.keyring)
        hand_in_nothing(db, floor, study, Left("SIMULATED901", first, chapter.ends))
        left = [Left("SIMULATED902", second, chapter.ends), Left("SIMULATED903", third, now - timedelta(minutes=20))]
        leave_work(db, floor, study, left, desk.keyring)
    desk.at(now - timedelta(hours=6))
    # Trained on the same texts about the same items, it would become the same model.
    teach(desk, ABSTRACTS.slug, opening_time(now), lambda *_, **__: model, console)
    analyse(desk, ABSTRACTS.slug, console)
    with desk.database.writing() as db:
        judge(db, db.get_one(Study, study_id), colleagues, _JUDGED, desk.now)
    desk.at(now - timedelta(hours=1))
    # Only then is it confirmed whose work it is, and somebody can be kept out because of it.
    desk.reconciler.compare(study_id)
    payments.pay(desk, study_id, _PAID)
    payments.give_bonuses(desk, study_id)
    payments.refuse_what_was_approved(desk, study_id)
    payments.keep_out(desk, study_id)
    desk.at(now)
    desk.reconciler.compare(study_id)


def _publish(desk: Desk, chapter: Chapter) -> int:
    desk.at(chapter.begins)
    with desk.database.writing() as db:
        study_id = chapter.study.add(db, db.get_one(User, desk.owner_id), desk.now).id
    payments.publish(desk, study_id, chapter.places, chapter.budget_cents)
    return study_id
