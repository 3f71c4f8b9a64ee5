"""The ledger: what studies have cost, what is committed, and what a study's budget still allows."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select
from sqlalchemy.orm import Session

from keytrail.models import ActionKind, ActionState, DeletedSpending, PlatformAction, PlatformPlan, PlatformTask, Study
from keytrail.platform_actions.kinds import PAYING
from keytrail.platforms.registry import currency_of
from keytrail.platforms.statuses import TaskStage, task_statuses

_LIVE = task_statuses(TaskStage.OPEN, TaskStage.PAUSED)
_BEGUN = (ActionState.SENT, ActionState.SENDING, ActionState.UNSURE)


@dataclass(frozen=True)
class Totals:
    """Amounts in cents. `paid` and `fees` were sent; `waiting` is approvals and bonuses not sent yet, with their fees;
    `committed` is the possible total of published places and bonuses, fees included.
    """

    paid: int
    fees: int
    waiting: int
    committed: int
    budget: int | None

    @property
    def left(self) -> int | None:
        """What the budget still allows; None without a budget."""
        return None if self.budget is None else self.budget - self.committed


def totals(db: Session, study_id: int, now: datetime) -> Totals:
    """Return the study's current amounts."""
    amount, fee = func.sum(PlatformAction.amount_cents), func.sum(PlatformAction.fee_cents)
    of_study = (PlatformAction.study_id == study_id, PlatformAction.kind.in_(PAYING))
    paid = db.execute(select(amount, fee).where(*of_study, PlatformAction.state == ActionState.SENT)).one()
    open_states = (ActionState.QUEUED, ActionState.SENDING, ActionState.FAILED, ActionState.UNSURE)
    waiting = db.execute(select(amount, fee).where(*of_study, PlatformAction.state.in_(open_states))).one()
    plan = db.get(PlatformPlan, study_id)
    return Totals(
        paid=paid[0] or 0,
        fees=paid[1] or 0,
        waiting=(waiting[0] or 0) + (waiting[1] or 0),
        committed=sum(committed(db, now, study_id).values()),
        budget=plan.budget_cents if plan else None,
    )


def charged_currency(study: Study) -> str:
    """Return the currency in which the study's platform charges; at Prolific, that of the study there.

    A definition in another currency is refused, but a stored study may have one.
    """
    return currency_of(study.platform) or study.currency


def committed(db: Session, now: datetime, study_id: int | None = None) -> Mapping[str, int]:
    """Return committed cents by currency, fees included, of one study or of the whole installation.

    Every place that is open or taken, every bonus and screen-out, every approval in studies that were not published
    from Keytrail, and publishing in progress. A task that is not known any more (its item was removed) counts with all
    its places, and of the whole installation so does what deleted studies had committed.
    """
    places, actions = _places(now), _actions()
    if study_id is not None:
        places = places.where(PlatformTask.study_id == study_id)
        actions = actions.where(PlatformAction.study_id == study_id)
    found: Counter[str] = Counter()
    for platform, currency, cents in db.execute(places):
        found[currency_of(platform) or currency] += int(cents)
    found.update({currency: int(cents) for currency, cents in db.execute(actions)})
    if study_id is None:
        found.update(dict(db.execute(select(DeletedSpending.currency, DeletedSpending.cents)).all()))
    return found


def _places(now: datetime) -> Select[str, str, int]:
    taken = PlatformTask.pending + PlatformTask.completed
    cents = func.sum(PlatformTask.place_cents * case((live(now), PlatformTask.places), else_=taken))
    return (
        select(Study.platform, Study.currency, cents)
        .join(Study, Study.id == PlatformTask.study_id)
        .group_by(Study.platform, Study.currency)
    )


def _actions() -> Select[str, int]:
    cents = func.sum(PlatformAction.amount_cents + PlatformAction.fee_cents)
    return select(PlatformAction.currency, cents).where(_counts()).group_by(PlatformAction.currency)


def _counts() -> ColumnElement[bool]:
    begun = PlatformAction.state.in_(_BEGUN)
    publishing = PlatformAction.kind.in_((ActionKind.PUBLISH, ActionKind.EXTEND))
    # Published tasks have a row; without one only the action shows the commitment.
    without_task = or_(PlatformAction.state != ActionState.SENT, PlatformAction.task_id.is_(None))
    published_here = select(literal(1)).where(PlatformTask.study_id == PlatformAction.study_id).exists()
    return begun & or_(
        PlatformAction.kind.in_((ActionKind.BONUS, ActionKind.SCREEN_OUT)),
        and_(PlatformAction.kind.in_((ActionKind.APPROVE, ActionKind.PART_PAY)), ~published_here),
        and_(publishing, without_task),
    )


def live(now: datetime) -> ColumnElement[bool]:
    """Return the condition that workers can still accept a task."""
    return and_(PlatformTask.status.in_(_LIVE), or_(PlatformTask.expires_at.is_(None), PlatformTask.expires_at > now))


def is_live(task: PlatformTask, now: datetime) -> bool:
    """Return whether workers can still accept the task."""
    return task.status in _LIVE and (task.expires_at is None or task.expires_at > now)
