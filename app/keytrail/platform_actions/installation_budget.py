"""Budgets of the installation: the most that all studies together may commit, by currency."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from keytrail.errors import BadRequest
from keytrail.models import AuditAction, InstallationBudget
from keytrail.platform_actions.ledger import committed
from keytrail.users.audit_log import record_action

_MOST_CENTS = 2_000_000_000
"""The largest value of a 32-bit integer column."""


@dataclass(frozen=True)
class BudgetLine:
    """One currency, in cents; `most` is None without a limit."""

    currency: str
    most: int | None
    committed: int


def budget_lines(db: Session, now: datetime) -> Sequence[BudgetLine]:
    """Return every currency with a budget or commitments. With any budget the others allow nothing."""
    limits = {limit.currency: limit.cents for limit in db.scalars(select(InstallationBudget))}
    spent = {currency: cents for currency, cents in committed(db, now).items() if cents}
    return [
        BudgetLine(currency, limits.get(currency, 0) if limits else None, spent.get(currency, 0))
        for currency in sorted({*limits, *spent})
    ]


def set_installation_budget(db: Session, currency: str, cents: int | None, user_id: int | None, now: datetime) -> None:
    """Set the most that all studies may commit in a currency; None removes the limit. Raises BadRequest."""
    currency = currency.strip().upper()
    if not (len(currency) == 3 and currency.isascii() and currency.isalpha()):  # noqa: PLR2004  # ISO 4217
        raise BadRequest("A currency is a code of three letters, such as USD.")
    if cents is not None and not 0 <= cents <= _MOST_CENTS:
        raise BadRequest("A budget is between 0 and 20,000,000.")
    found = db.get(InstallationBudget, currency, with_for_update=True)
    before = found.cents if found is not None else None
    if cents is None:
        if found is not None:
            db.delete(found)
    elif found is None:
        db.add(InstallationBudget(currency=currency, cents=cents))
    else:
        found.cents = cents
    detail = {"currency": currency, "from": before, "to": cents}
    record_action(db, AuditAction.SET_SERVER_BUDGET, now, user_id=user_id, study_id=None, detail=detail)
