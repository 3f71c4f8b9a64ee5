"""Guard all spending: who may use the installation's accounts, and how much money they may commit.

Every action passes it, from a page or a command: once when a person queues it and again when it is sent
(keytrail/platform_actions/outbox.py). It requires three things: owning the study, the right to publish and pay, and
money left in the study's and the installation's budgets.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from keytrail.errors import Conflict, Forbidden
from keytrail.models import ActionKind, InstallationBudget, Membership, PlatformPlan, Role, Study, User
from keytrail.platform_actions.kinds import ENDING
from keytrail.platform_actions.ledger import charged_currency, committed
from keytrail.platforms.money import money
from keytrail.users.rights import operators


@dataclass(frozen=True)
class RemainingBudget:
    """What budgets still allow, in cents of `currency`; None without a limit."""

    currency: str
    study: int | None
    installation: int | None

    def allows(self, cents: int) -> bool:
        """Return whether both budgets have so much left."""
        return all(left is None or cents <= left for left in (self.study, self.installation))


def require_sender(db: Session, study_id: int, kind: ActionKind, user_id: int | None) -> None:
    """Raises Forbidden, naming who can help, unless the user owns the study and may publish and pay."""
    user = db.get(User, user_id, populate_existing=True) if user_id is not None else None
    member = db.get(Membership, (user_id, study_id), populate_existing=True) if user is not None else None
    if user is None or member is None or member.role != Role.OWNER:
        other = _ask(_senders(db, study_id), "to do it.")
        raise Forbidden(f"Only an owner of this study may do that. {other}".strip(), code="not_owner")
    if kind not in ENDING and not user.may_spend:
        other = _ask(_senders(db, study_id), "to do it, or")
        raise Forbidden(
            f"You may not publish or pay with this server's accounts. {other or 'Ask'} {operators(db)} to give you "
            "this right ('keytrail user rights').",
            code="no_right",
        )


def require_account_use(db: Session, study_id: int, user_id: int) -> None:
    """Raises Forbidden unless the user may have this server's accounts asked about the study, which costs nothing."""
    require_sender(db, study_id, ActionKind.APPROVE, user_id)


def left_for(db: Session, study: Study, now: datetime, *, lock: bool = False) -> RemainingBudget:
    """Return what the study may still commit. With `lock` nobody else can commit before this unit of work ends."""
    plans = select(PlatformPlan).where(PlatformPlan.study_id == study.id)
    budgets = select(InstallationBudget).order_by(InstallationBudget.currency)
    if lock:
        plans, budgets = plans.with_for_update(), budgets.with_for_update()
    plan, limits = db.scalar(plans), db.scalars(budgets).all()
    currency = charged_currency(study)
    own = installation = None
    if plan is not None and plan.budget_cents is not None:
        own = plan.budget_cents - sum(committed(db, now, study.id).values())
    if limits:
        most = next((limit.cents for limit in limits if limit.currency == currency), 0)
        installation = most - committed(db, now).get(currency, 0)
    return RemainingBudget(currency, own, installation)


def require_budgets(db: Session, study: Study, cents: int, now: datetime) -> None:
    """Raises Conflict, naming who can help, if committing so many cents more would exceed either budget."""
    left = left_for(db, study, now, lock=True)
    would = f"This would commit {money(cents, left.currency)}"
    if left.study is not None and cents > left.study:
        raise Conflict(
            f"{would}, more than the budget of this study has left ({_amount(left.study, left.currency)}). An owner "
            "of the study can raise it on the Platform page, or publish less.",
            code="over_budget",
        )
    if left.installation is not None and cents > left.installation:
        raise Conflict(
            f"{would}, more than the budget of this server has left ({_amount(left.installation, left.currency)}). "
            f"Ask {operators(db)} to raise it ('keytrail budget'), or publish less.",
            code="over_installation_budget",
        )


def _amount(cents: int, currency: str) -> str:
    return money(max(cents, 0), currency)


def _senders(db: Session, study_id: int) -> Sequence[User]:
    """Return the study's owners who may publish and pay."""
    query = (
        select(User)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.study_id == study_id, Membership.role == Role.OWNER, User.may_spend)
    )
    return db.scalars(query.order_by(User.name, User.id).limit(3)).all()


def _ask(users: Sequence[User], what: str) -> str:
    named = " or ".join(f"{user.name} ({user.email})" for user in users)
    return f"Ask {named} {what}" if named else ""
