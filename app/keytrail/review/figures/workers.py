"""Figures of a study's workers, by pseudonym."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, func, literal, select, true
from sqlalchemy.orm import Session, aliased

from keytrail.errors import NotFound
from keytrail.models import (
    DecisionKind,
    Exclusion,
    Item,
    ReportFinding,
    SessionState,
    Study,
    Submission,
    User,
    Worker,
    WorkerPerson,
    WritingSession,
)
from keytrail.provenance import Verdict
from keytrail.review.figures.worker_orders import ordered_workers
from keytrail.review.judging.settlement import FLAGGED
from keytrail.sessions.confirmation import Confirmation, confirmation_of, is_confirmable, theirs

_ACCEPTED = (DecisionKind.ACCEPT, DecisionKind.EXCLUDE)


@dataclass(frozen=True)
class WorkerFigures:
    """One worker in one study. `accepted` counts settled submissions that are to be paid; shares run from 0 to 1.

    Only confirmed work is counted, where the platform can confirm it; `unconfirmed` counts the texts under the worker's
    id that it has not confirmed (keytrail/sessions/confirmation.py).
    """

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
    unconfirmed: int

    @property
    def flagged_share(self) -> float:
        """Flagged divided by submitted."""
        return self.flagged / self.submitted if self.submitted else 0.0


def list_workers(
    db: Session, study: Study, order: str, limit: int, offset: int = 0, name: str = ""
) -> tuple[Sequence[WorkerFigures], bool]:
    """Return a page of workers whose name begins with `name`, and whether there are more. Three statements.

    `order` is one of `WORKER_ORDERS` or its opposite.
    """
    confirmable = is_confirmable(db, study)
    query = ordered_workers(study.id, order, confirmable=confirmable)
    if name:
        query = query.where(Worker.pseudonym.startswith(name, autoescape=True))
    ids = list(db.scalars(query.limit(limit + 1).offset(offset)))
    rows = db.execute(_figures(confirmable=confirmable).where(Worker.id.in_(ids[:limit])).group_by(Worker.id)).all()
    found = {figures.id: figures for figures in map(_of, rows)}
    return [found[number] for number in ids[:limit]], len(ids) > limit


def worker_figures(db: Session, study: Study, pseudonym: str) -> WorkerFigures:
    """Return one worker. Raises NotFound."""
    query = _figures(confirmable=is_confirmable(db, study))
    query = query.where(Worker.study_id == study.id, Worker.pseudonym == pseudonym).group_by(Worker.id)
    row = db.execute(query).one_or_none()
    if row is None:
        raise NotFound("There is no such worker in this study.")
    return _of(row)


def excluded_workers(db: Session, worker_ids: Sequence[int], owner: User) -> frozenset[int]:
    """Return which of these workers the owner excludes, with one statement."""
    rows = db.scalars(
        select(WorkerPerson.worker_id)
        .join(Exclusion, (Exclusion.person == WorkerPerson.person) & (Exclusion.owner_id == WorkerPerson.owner_id))
        .where(WorkerPerson.worker_id.in_(worker_ids), WorkerPerson.owner_id == owner.id)
    )
    return frozenset(rows)


def findings_of_worker(db: Session, study: Study, worker_id: int) -> Sequence[tuple[str, int]]:
    """Count a worker's own submissions with each finding, most frequent first."""
    rows = db.execute(
        select(ReportFinding.rule, func.count())
        .join(Submission, Submission.id == ReportFinding.submission_id)
        .join(WritingSession, WritingSession.id == Submission.session_id)
        .where(WritingSession.worker_id == worker_id, theirs(db, study))
        .group_by(ReportFinding.rule)
        .order_by(func.count().desc(), ReportFinding.rule)
    )
    return [(rule, count) for rule, count in rows]


def unconfirmed_of_worker(db: Session, study: Study, worker_id: int) -> frozenset[str]:
    """Count the submissions under a worker's id that are not confirmed as theirs."""
    query = (
        select(Submission.public_id)
        .join(WritingSession, WritingSession.id == Submission.session_id)
        .where(WritingSession.worker_id == worker_id, ~theirs(db, study))
    )
    return frozenset(db.scalars(query))


def others_of_worker(db: Session, submission: Submission) -> tuple[int, int]:
    """Count the same worker's other submissions in the study, and the flagged ones of them.

    None for an unconfirmed submission, because its worker is unknown. Its study must be loaded.
    """
    if confirmation_of(db, submission.study, submission.session) == Confirmation.UNCONFIRMED:
        return 0, 0
    row = db.execute(
        select(func.count(), func.count(case((Submission.verdict.in_(FLAGGED), 1))))
        .join(WritingSession, WritingSession.id == Submission.session_id)
        .where(WritingSession.worker_id == submission.session.worker_id, Submission.id != submission.id)
        .where(theirs(db, submission.study))
    ).one()
    return row[0], row[1]


@dataclass(frozen=True)
class PastWork:
    """Another submission of the same worker; fields are None before the analysis, or without a log."""

    public_id: str
    item_title: str
    verdict: str | None
    arrived_share: float | None
    submitted_at: datetime


def history_of_worker(db: Session, submission: Submission, limit: int) -> Sequence[PastWork]:
    """Return the worker's other submissions in the study, newest first, at most so many. Conditions as for
    `others_of_worker`.
    """
    if confirmation_of(db, submission.study, submission.session) == Confirmation.UNCONFIRMED:
        return []
    rows = db.execute(
        select(
            Submission.public_id,
            func.coalesce(func.nullif(Item.title, ""), Item.key),
            Submission.verdict,
            Submission.arrived_share,
            Submission.submitted_at,
        )
        .join(WritingSession, WritingSession.id == Submission.session_id)
        .join(Item, Item.id == WritingSession.item_id)
        .where(WritingSession.worker_id == submission.session.worker_id, Submission.id != submission.id)
        .where(theirs(db, submission.study))
        .order_by(Submission.id.desc())
        .limit(limit)
    )
    return [PastWork(*row) for row in rows]


_SUBMITTED = func.count(Submission.id)
_FLAGS = func.count(case((Submission.verdict.in_(FLAGGED), 1)))
_STRONG = func.count(case((Submission.verdict == Verdict.STRONG, 1)))


def _figures(*, confirmable: bool) -> Select[Any]:
    own = WritingSession.confirmed_at.is_not(None) if confirmable else true()
    session = aliased(WritingSession)
    waiting = select(func.count(session.id)).where(
        session.worker_id == Worker.id, session.state == SessionState.SUBMITTED, session.confirmed_at.is_(None)
    )
    return (
        select(
            Worker.id,
            Worker.pseudonym,
            Worker.first_seen_at,
            func.count(case((WritingSession.state != SessionState.RETURNED, 1))),
            _SUBMITTED,
            _FLAGS,
            _STRONG,
            func.count(case((Submission.settled, 1))),
            func.count(case((Submission.decision.in_(_ACCEPTED) & Submission.settled, 1))),
            func.avg(Submission.arrived_share),
            waiting.correlate(Worker).scalar_subquery() if confirmable else literal(0),
        )
        .outerjoin(WritingSession, (WritingSession.worker_id == Worker.id) & own)
        .outerjoin(Submission, Submission.session_id == WritingSession.id)
    )


def _of(row: Any) -> WorkerFigures:
    figures = WorkerFigures(*row)
    # PostgreSQL's averages are Decimals.
    return figures if figures.mean_arrived is None else replace(figures, mean_arrived=float(figures.mean_arrived))
