"""Which of a study's submissions to show."""

from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Select, select

from app.models import Item, ReportFinding, Submission, Worker, WritingSession

_Query = TypeVar("_Query", bound=Select[*tuple[Any, ...]])

# Stand in for "no value" where a filter names one.
UNDECIDED = "undecided"
WAITING = "waiting"


@dataclass(frozen=True)
class Filters:
    """What to show; None means everything. `before` is a submission's number: only older ones.

    `verdict` may be WAITING (not analysed yet), `decision` UNDECIDED.
    """

    verdict: str | None = None
    finding: str | None = None
    item: str | None = None
    worker: str | None = None
    decision: str | None = None
    before: int | None = None


def filtered(query: _Query, study_id: int, filters: Filters) -> _Query:
    """The query, over submissions, narrowed to one study and to the filters."""
    query = query.where(Submission.study_id == study_id)
    if filters.before is not None:
        query = query.where(Submission.id < filters.before)
    if filters.verdict:
        query = query.where(Submission.verdict == (None if filters.verdict == WAITING else filters.verdict))
    if filters.decision:
        query = query.where(Submission.decision == (None if filters.decision == UNDECIDED else filters.decision))
    if filters.finding:
        with_finding = select(ReportFinding.submission_id).where(ReportFinding.rule == filters.finding)
        query = query.where(Submission.id.in_(with_finding))
    if filters.item or filters.worker:
        query = query.where(Submission.session_id.in_(_sessions(study_id, filters)))
    return query


def _sessions(study_id: int, filters: Filters) -> Select[int]:
    query = select(WritingSession.id).where(WritingSession.study_id == study_id)
    if filters.item:
        query = query.join(Item, Item.id == WritingSession.item_id).where(Item.key == filters.item)
    if filters.worker:
        query = query.join(Worker, Worker.id == WritingSession.worker_id).where(Worker.pseudonym == filters.worker)
    return query
