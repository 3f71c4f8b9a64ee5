"""What a study has cost, what is committed, and what its budget still allows."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from keytrail.errors import Conflict
from keytrail.models import ActionKind, ActionState, PlatformAction, PlatformPlan, PlatformTask

_SPENDING = (ActionKind.PUBLISH, ActionKind.EXTEND, ActionKind.BONUS)
_PAYING = (ActionKind.APPROVE, ActionKind.BONUS)
_LIVE = ("Assignable", "Unassignable")


@dataclass(frozen=True)
class Totals:
    """Cents. `paid` and `fees` were sent; `waiting` is approvals and bonuses not sent yet, with their fees; `committed`
    is what published places and bonuses may come to, fees included.
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
    """The study's money as of now."""
    amount, fee = func.sum(PlatformAction.amount_cents), func.sum(PlatformAction.fee_cents)
    of_study = (PlatformAction.study_id == study_id, PlatformAction.kind.in_(_PAYING))
    paid = db.execute(select(amount, fee).where(*of_study, PlatformAction.state == ActionState.SENT)).one()
    open_states = (ActionState.QUEUED, ActionState.SENDING, ActionState.FAILED, ActionState.UNSURE)
    waiting = db.execute(select(amount, fee).where(*of_study, PlatformAction.state.in_(open_states))).one()
    plan = db.get(PlatformPlan, study_id)
    return Totals(
        paid=paid[0] or 0,
        fees=paid[1] or 0,
        waiting=(waiting[0] or 0) + (waiting[1] or 0),
        committed=committed(db, study_id, now),
        budget=plan.budget_cents if plan else None,
    )


def committed(db: Session, study_id: int, now: datetime) -> int:
    """Cents, fees included: every open place, every taken place, every bonus, and publishing under way."""
    tasks = db.scalars(select(PlatformTask).where(PlatformTask.study_id == study_id)).all()
    places = sum(task.place_cents * (task.places if is_live(task, now) else _taken(task)) for task in tasks)
    spent = func.coalesce(func.sum(PlatformAction.amount_cents + PlatformAction.fee_cents), 0)
    bonuses = select(spent).where(
        PlatformAction.study_id == study_id,
        PlatformAction.kind == ActionKind.BONUS,
        PlatformAction.state.in_((ActionState.SENT, ActionState.SENDING, ActionState.UNSURE)),
    )
    under_way = select(spent).where(
        PlatformAction.study_id == study_id,
        PlatformAction.kind.in_((ActionKind.PUBLISH, ActionKind.EXTEND)),
        PlatformAction.state == ActionState.SENDING,
    )
    return places + (db.scalar(bonuses) or 0) + (db.scalar(under_way) or 0)


def require_budget(db: Session, action: PlatformAction, now: datetime) -> None:
    """Raises Conflict if sending the action would break its study's budget. Approvals pass: work done is paid."""
    if action.kind not in _SPENDING:
        return
    plan = db.scalar(select(PlatformPlan).where(PlatformPlan.study_id == action.study_id).with_for_update())
    if plan is None or plan.budget_cents is None:
        return
    left = plan.budget_cents - committed(db, action.study_id, now)
    needed = action.amount_cents + action.fee_cents
    if needed > left:
        raise Conflict(
            f"This would commit {needed / 100:.2f}, and the budget has {max(left, 0) / 100:.2f} left. "
            "Raise the budget, or publish less.",
            code="over_budget",
        )


def is_live(task: PlatformTask, now: datetime) -> bool:
    """Whether workers can still accept the task."""
    return task.status in _LIVE and task.expires_at > now


def _taken(task: PlatformTask) -> int:
    return task.pending + task.completed
