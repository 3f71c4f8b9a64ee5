"""Orders of the list of workers."""

from typing import Any, Final

from sqlalchemy import ColumnElement, Select, case, func, select

from keytrail.models import SessionState, Submission, Worker, WritingSession
from keytrail.provenance import Verdict
from keytrail.review.judging.settlement import FLAGGED

WORKER_ORDERS: Final = ("-flagged", "worker", "-sessions", "-submitted", "-strong", "-arrived", "-decided", "-seen")
"""As in addresses, in the direction that comes first; a minus sign stands for descending. The first is the default."""


def ordered_workers(study_id: int, order: str, *, confirmable: bool) -> Select[int]:
    """Select only the ids, in one of `WORKER_ORDERS` or its opposite: figures are then read for one page of workers.

    Where work can be confirmed (`confirmable`), only confirmed work counts.
    """
    name, query = order.removeprefix("-"), select(Worker.id).where(Worker.study_id == study_id)
    if name == "worker":
        keys: list[ColumnElement[Any]] = [Worker.__table__.c.pseudonym]
    elif name == "seen":
        keys = [Worker.__table__.c.id]
    else:
        counts = _counts(name, study_id, confirmable=confirmable).subquery()
        query = query.outerjoin(counts, counts.c.worker_id == Worker.id)
        keys = [func.coalesce(column, -1) for column in counts.c if column.key != "worker_id"]
    directed = [key.desc() if order.startswith("-") else key.asc() for key in keys]
    return query.order_by(*directed, Worker.id)


def _counts(name: str, study_id: int, *, confirmable: bool) -> Select[Any]:
    """Return the figures by worker that an order compares, the most important first."""
    if name == "sessions":
        return _sessions(study_id, confirmable=confirmable)
    # Of all verdicts: the index has the flagged ones next to the others.
    flagged = func.count(case((Submission.verdict.in_(FLAGGED), 1))).label("flagged")
    strong = func.count(case((Submission.verdict == Verdict.STRONG, 1))).label("strong")
    keys: dict[str, tuple[ColumnElement[Any], ...]] = {
        "flagged": (strong, flagged),
        "strong": (strong,),
        "submitted": (func.count().label("submitted"),),
        "decided": (func.count(case((Submission.settled, 1))).label("decided"),),
        "arrived": (func.avg(Submission.arrived_share).label("arrived"),),
    }
    query: Select[Any] = select(Submission.worker_id, *keys[name]).where(Submission.study_id == study_id)
    if confirmable:
        # Where nothing can be confirmed the query stays in its index.
        query = query.join(WritingSession, WritingSession.id == Submission.session_id)
        query = query.where(WritingSession.confirmed_at.is_not(None))
    return query.group_by(Submission.worker_id)


def _sessions(study_id: int, *, confirmable: bool) -> Select[Any]:
    own = (WritingSession.study_id == study_id) & (WritingSession.state != SessionState.RETURNED)
    counted = own & WritingSession.confirmed_at.is_not(None) if confirmable else own
    columns: tuple[ColumnElement[Any], ...] = (WritingSession.__table__.c.worker_id, func.count().label("sessions"))
    return select(*columns).where(counted).group_by(WritingSession.worker_id)
