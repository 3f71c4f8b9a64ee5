"""The people who work on a study, by their pseudonyms."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from app.errors import NotFound
from app.models import (
    DecisionKind,
    ReportFinding,
    SessionState,
    StoredReport,
    Study,
    Submission,
    Worker,
    WritingSession,
)

_FLAGGED = ("strong", "review")
_ACCEPTED = (DecisionKind.ACCEPT, DecisionKind.EXCLUDE)


class WorkerOrder(StrEnum):
    """How the list is sorted."""

    FLAGGED = "flagged"
    BUSY = "busy"
    NEWEST = "newest"


@dataclass(frozen=True)
class WorkerFigures:
    """One worker in one study. `earned` counts submissions that were accepted; shares run from 0 to 1."""

    id: int
    pseudonym: str
    first_seen_at: datetime
    sessions: int
    submitted: int
    flagged: int
    strong: int
    decided: int
    accepted: int
    mean_arrived: float | None

    @property
    def flagged_share(self) -> float:
        """Flagged of submitted."""
        return self.flagged / self.submitted if self.submitted else 0.0


def list_workers(
    db: Session, study_id: int, order: WorkerOrder, limit: int, offset: int = 0
) -> tuple[Sequence[WorkerFigures], bool]:
    """A page of workers, and whether there are more. One statement."""
    sorting: dict[WorkerOrder, tuple[Any, ...]] = {
        WorkerOrder.FLAGGED: (_STRONG.desc(), _FLAGS.desc(), Worker.id),
        WorkerOrder.BUSY: (_SUBMITTED.desc(), Worker.id),
        WorkerOrder.NEWEST: (Worker.id.desc(),),
    }
    query = _figures().where(Worker.study_id == study_id).group_by(Worker.id)
    rows = db.execute(query.order_by(*sorting[order]).limit(limit + 1).offset(offset)).all()
    return [_of(row) for row in rows[:limit]], len(rows) > limit


def worker_figures(db: Session, study: Study, pseudonym: str) -> WorkerFigures:
    """One worker. Raises NotFound."""
    query = _figures().where(Worker.study_id == study.id, Worker.pseudonym == pseudonym).group_by(Worker.id)
    row = db.execute(query).one_or_none()
    if row is None:
        raise NotFound("There is no such worker in this study.")
    return _of(row)


def findings_of_worker(db: Session, worker_id: int) -> Sequence[tuple[str, int]]:
    """How many of a worker's submissions have each finding, most frequent first."""
    rows = db.execute(
        select(ReportFinding.rule, func.count())
        .join(Submission, Submission.id == ReportFinding.submission_id)
        .join(WritingSession, WritingSession.id == Submission.session_id)
        .where(WritingSession.worker_id == worker_id)
        .group_by(ReportFinding.rule)
        .order_by(func.count().desc(), ReportFinding.rule)
    )
    return [(rule, count) for rule, count in rows]


def others_of_worker(db: Session, submission: Submission) -> tuple[int, int]:
    """How many other submissions the same worker has in the study, and how many of them are flagged."""
    row = db.execute(
        select(func.count(), func.count(case((Submission.verdict.in_(_FLAGGED), 1))))
        .join(WritingSession, WritingSession.id == Submission.session_id)
        .where(WritingSession.worker_id == submission.session.worker_id, Submission.id != submission.id)
    ).one()
    return row[0], row[1]


_SUBMITTED = func.count(Submission.id)
_FLAGS = func.count(case((Submission.verdict.in_(_FLAGGED), 1)))
_STRONG = func.count(case((Submission.verdict == "strong", 1)))


def _figures() -> Select[Any]:
    return (
        select(
            Worker.id,
            Worker.pseudonym,
            Worker.first_seen_at,
            func.count(case((WritingSession.state != SessionState.RETURNED, 1))),
            _SUBMITTED,
            _FLAGS,
            _STRONG,
            func.count(Submission.decision),
            func.count(case((Submission.decision.in_(_ACCEPTED), 1))),
            func.avg(StoredReport.arrived_share),
        )
        .outerjoin(WritingSession, WritingSession.worker_id == Worker.id)
        .outerjoin(Submission, Submission.session_id == WritingSession.id)
        .outerjoin(StoredReport, StoredReport.submission_id == Submission.id)
    )


def _of(row: Any) -> WorkerFigures:
    figures = WorkerFigures(*row)
    # PostgreSQL's averages are Decimals.
    return figures if figures.mean_arrived is None else replace(figures, mean_arrived=float(figures.mean_arrived))
