"""How the demo's studies went, told in order: published, worked on, judged, partly paid."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from rich.console import Console

from app.demo.filling import payments
from app.demo.filling.classifier import analyse, teach
from app.demo.filling.decisions import add_colleagues, judge
from app.demo.filling.desk import Desk
from app.demo.filling.sessions import Worked, do_work, leave_work, read_sessions
from app.models import Study, User
from app.studies import add_items, create_study, read_definition, read_items

CONTENT: Final = Path(__file__).parents[1] / "content"
MAIN: Final = "abstracts"
_LONG_AGO: Final = timedelta(days=40)


@dataclass(frozen=True)
class Plan:
    """One study of the demo: its files, places an item, budget, and when its last text was handed in."""

    file: str
    sessions: str
    places: int
    budget_cents: int
    ended: timedelta


_ABSTRACTS: Final = Plan("study.toml", "sessions*.jsonl.gz", places=20, budget_cents=400_00, ended=timedelta(hours=20))
_JUDGED: Final = 60
_PAID: Final = 30


def opening_time(now: datetime) -> datetime:
    """When the marketplace opens: before anything of the demo."""
    return now - _LONG_AGO


def tell_story(desk: Desk, now: datetime, console: Console) -> None:
    """Fill a new database and a new marketplace."""
    worked = read_sessions(CONTENT.glob(_ABSTRACTS.sessions), now - _ABSTRACTS.ended)
    study_id = _open(desk, _ABSTRACTS, worked)
    _work(desk, study_id, worked, now)
    teach(desk, MAIN, console)
    analyse(desk, MAIN, console)
    desk.at(now - timedelta(hours=4))
    with desk.database.writing() as db:
        colleagues = add_colleagues(db, worked[0].began_at)
        judge(db, db.get_one(Study, study_id), colleagues, _JUDGED, desk.now)
    desk.at(now - timedelta(hours=1))
    payments.pay(desk, study_id, _PAID)
    payments.give_bonuses(desk, study_id)
    payments.refuse_what_was_approved(desk, study_id)
    payments.keep_out(desk, study_id)
    desk.at(now)
    desk.reconciler.compare(study_id)


def _open(desk: Desk, plan: Plan, worked: Sequence[Worked]) -> int:
    desk.at(min(one.began_at for one in worked) - timedelta(hours=1))
    with desk.database.writing() as db:
        owner = db.get_one(User, desk.owner_id)
        study = create_study(db, read_definition(CONTENT / plan.file), owner, desk.now, demo=True)
        add_items(db, study, read_items(CONTENT / "items.jsonl"))
    payments.publish(desk, study.id, plan.places, plan.budget_cents)
    return study.id


def _work(desk: Desk, study_id: int, worked: Sequence[Worked], now: datetime) -> None:
    with desk.database.writing() as db, desk.market.floor() as floor:
        study = db.get_one(Study, study_id)
        do_work(db, floor, study, worked, desk.keyring)
        items = [worked[0].session.item_id or "", worked[1].session.item_id or ""]
        leave_work(
            db,
            floor,
            study,
            [("SIMULATED901", items[0], worked[-1].began_at), ("SIMULATED902", items[1], now - timedelta(minutes=20))],
            desk.keyring,
        )
