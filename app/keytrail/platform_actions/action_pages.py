"""Page through the outbox: what waits for a person, and what was sent or cancelled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import SQLCoreOperations

from keytrail.models import ActionState, Item, PlatformAction, Study, Submission, Worker
from keytrail.platform_actions.action_list import ENDED, KIND_RANKS, ActionLine, action_line, actions_with_context

WAITING_ORDERS: Final = ("action", "item", "worker", "-amount", "-fee", "state")
"""As in addresses, in the direction that comes first; a minus sign stands for descending. The first is the default."""
ENDED_ORDERS: Final = ("-queued", "action", "item", "worker", "-amount", "-fee", "state", "-ended")
"""Written as in `WAITING_ORDERS`; the newest first is the default."""


@dataclass(frozen=True)
class ActionPage:
    """One page of a longer list of actions; pages count from 1."""

    lines: Sequence[ActionLine]
    number: int
    pages: int


def waiting_page(db: Session, study: Study, order: str, number: int, size: int, count: int) -> ActionPage:
    """Return one page of the `count` actions that wait, in one of `WAITING_ORDERS` or its opposite. One statement.

    Of equal ones the oldest come first, since platforms approve by themselves in the end, and those that failed last,
    so that they keep no other off the page.
    """
    failed_last = (PlatformAction.state == ActionState.FAILED, PlatformAction.id.asc())
    query = _sorted(actions_with_context(study).where(PlatformAction.state.not_in(ENDED)), order, *failed_last)
    return _page(db, study, query, number, size, count)


def ended_page(db: Session, study: Study, order: str, number: int, size: int) -> ActionPage:
    """Return one page of what was sent or cancelled, in one of `ENDED_ORDERS` or its opposite. Two statements."""
    ended = (PlatformAction.study_id == study.id, PlatformAction.state.in_(ENDED))
    count = db.scalar(select(func.count()).where(*ended)) or 0
    query = _sorted(actions_with_context(study).where(*ended), order, PlatformAction.id.desc())
    return _page(db, study, query, number, size, count)


def _page(db: Session, study: Study, query: Select[PlatformAction], number: int, size: int, count: int) -> ActionPage:
    pages = max(1, -(-count // size))
    number = min(max(number, 1), pages)
    lines = [action_line(action, study) for action in db.scalars(query.limit(size).offset((number - 1) * size))]
    return ActionPage(lines, number, pages)


def _sorted(query: Select[PlatformAction], order: str, *ties: Any) -> Select[PlatformAction]:
    name = order.removeprefix("-")
    if name in {"item", "worker"}:
        query = query.outerjoin(Submission, Submission.id == PlatformAction.submission_id)
    if name == "item":
        query = query.outerjoin(Item, Item.id == func.coalesce(Submission.item_id, PlatformAction.item_id))
    if name == "worker":
        query = query.outerjoin(Worker, Worker.id == func.coalesce(Submission.worker_id, PlatformAction.worker_id))
    key = _KEYS[name]
    return query.order_by(key.desc() if order.startswith("-") else key.asc(), *ties)


_KEYS: Mapping[str, SQLCoreOperations[Any]] = {
    "action": case(KIND_RANKS, value=PlatformAction.kind),
    "item": func.lower(func.coalesce(func.nullif(Item.title, ""), Item.key, "")),
    "worker": func.coalesce(Worker.pseudonym, ""),
    "amount": PlatformAction.amount_cents,
    "fee": PlatformAction.fee_cents,
    "state": PlatformAction.state,
    "queued": PlatformAction.id,
    "ended": PlatformAction.ended_at,
}
