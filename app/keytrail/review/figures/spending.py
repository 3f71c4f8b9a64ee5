"""Spending: the cost of studies so far, and what is still to be sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from keytrail.models import ActionState, PlatformAction, Submission, WritingSession
from keytrail.platform_actions.kinds import PAYING

_WAITING = (ActionState.QUEUED, ActionState.SENDING, ActionState.FAILED)


@dataclass(frozen=True)
class Spending:
    """The cost of one study's approvals and bonuses, in cents with fees, and what needs attention.

    `unsent` counts actions to be sent, `unsure` those that may or may not have been done; `to_pay_cents` is the money
    in both.
    """

    paid_cents: int = 0
    to_pay_cents: int = 0
    unsent: int = 0
    unsure: int = 0

    @property
    def waiting(self) -> int:
        """Select all actions that need attention."""
        return self.unsent + self.unsure


def spending_of(db: Session, study_ids: Sequence[int]) -> Mapping[int, Spending]:
    """Return the spending of each study, with one statement for any number of studies."""
    unsent = PlatformAction.state.in_(_WAITING)
    unsure = PlatformAction.state == ActionState.UNSURE
    rows = db.execute(
        select(
            PlatformAction.study_id,
            _paying_cents(PlatformAction.state == ActionState.SENT),
            _paying_cents(unsent | unsure),
            func.count(case((unsent, 1))),
            func.count(case((unsure, 1))),
        )
        .where(PlatformAction.study_id.in_(study_ids))
        .group_by(PlatformAction.study_id)
    )
    found = dict.fromkeys(study_ids, Spending())
    for study_id, paid, to_pay, number_unsent, number_unsure in rows:
        found[study_id] = replace(
            found[study_id],
            paid_cents=int(paid),
            to_pay_cents=int(to_pay),
            unsent=number_unsent,
            unsure=number_unsure,
        )
    return found


def paid_to(db: Session, worker_ids: Sequence[int]) -> Mapping[int, int]:
    """Return the cents sent to each worker, without fees, with one statement; workers without any are left out."""
    rows = db.execute(
        select(WritingSession.worker_id, func.sum(PlatformAction.amount_cents))
        .join(Submission, Submission.session_id == WritingSession.id)
        .join(PlatformAction, PlatformAction.submission_id == Submission.id)
        .where(
            WritingSession.worker_id.in_(worker_ids),
            PlatformAction.kind.in_(PAYING),
            PlatformAction.state == ActionState.SENT,
        )
        .group_by(WritingSession.worker_id)
    )
    return {worker_id: int(cents) for worker_id, cents in rows}


def _paying_cents(state: ColumnElement[bool]) -> ColumnElement[int]:
    paid = state & PlatformAction.kind.in_(PAYING)
    return func.coalesce(func.sum(case((paid, PlatformAction.amount_cents + PlatformAction.fee_cents), else_=0)), 0)
