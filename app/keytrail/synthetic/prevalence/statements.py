"""Workers' statements on where pasted text is from, compared with the log: a study's cross table."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from keytrail.models import StatedOrigin, Study, Submission, WorkerStatement


class LoggedArrival(StrEnum):
    """What the log shows of a text: some of it arrived without typing, none did, or the log cannot tell."""

    ARRIVED = "arrived"
    TYPED = "typed"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class StatementCounts:
    """Analysed submissions whose worker named this origin; None stands for those who named none."""

    stated: StatedOrigin | None
    arrived: int
    typed: int
    unknown: int


_LOGGED = case(
    (Submission.arrived_share.is_(None), LoggedArrival.UNKNOWN.value),
    (Submission.arrived_share > 0, LoggedArrival.ARRIVED.value),
    else_=LoggedArrival.TYPED.value,
).label("logged")


def cross_statements(db: Session, study: Study) -> Sequence[StatementCounts]:
    """One row for each origin that somebody named, then one for whoever named none; empty if nobody named any.

    A worker who named several counts in each of their rows. Two statements.
    """
    of_study = select(_LOGGED).where(Submission.study_id == study.id, Submission.verdict.is_not(None))
    stated: dict[StatedOrigin, Counter[str]] = {}
    silent: Counter[str] = Counter()
    stated_origins = of_study.add_columns(WorkerStatement.text_origins).join(
        WorkerStatement, WorkerStatement.submission_id == Submission.id
    )
    for logged, names in db.execute(stated_origins):
        silent[logged] -= bool(names)
        for origin in set(names) & set(StatedOrigin):
            stated.setdefault(StatedOrigin(origin), Counter())[logged] += 1
    if not stated:
        return []
    every = of_study.subquery()
    silent.update(dict(db.execute(select(every.c.logged, func.count()).group_by(every.c.logged)).all()))
    return [*(_counts(origin, stated[origin]) for origin in StatedOrigin if origin in stated), _counts(None, silent)]


def _counts(origin: StatedOrigin | None, counts: Counter[str]) -> StatementCounts:
    arrived, typed, unknown = (counts[logged] for logged in LoggedArrival)
    return StatementCounts(origin, arrived, typed, unknown)
