"""Which of a study's submissions to show."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Select, exists, select

from app.models import Decision, Item, ReportFinding, Submission, Worker, WritingSession
from app.review.searching import matches

_Query = TypeVar("_Query", bound=Select[*tuple[Any, ...]])

# Stand in for "no value" where a filter names one.
UNDECIDED = "undecided"
WAITING = "waiting"
_UTC = ZoneInfo("UTC")


@dataclass(frozen=True)
class Filters:
    """What to show; None means everything. `before` is a submission's number: only older ones.

    `verdict` may be WAITING (not analysed yet), `decision` UNDECIDED. `reviewer` is the id of a user who decided.
    `since` and `until` are days of submission in UTC, both inclusive. `words` are searched in text and comment.
    """

    verdict: str | None = None
    finding: str | None = None
    item: str | None = None
    condition: str | None = None
    worker: str | None = None
    decision: str | None = None
    reviewer: int | None = None
    since: date | None = None
    until: date | None = None
    words: str | None = None
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
    if filters.since:
        query = query.where(Submission.submitted_at >= _midnight(filters.since))
    if filters.until:
        query = query.where(Submission.submitted_at < _midnight(filters.until + timedelta(days=1)))
    return _by_others(query, study_id, filters)


def _by_others(query: _Query, study_id: int, filters: Filters) -> _Query:
    """What is asked of other tables."""
    if filters.finding:
        query = query.where(
            exists().where(ReportFinding.submission_id == Submission.id, ReportFinding.rule == filters.finding)
        )
    if filters.item or filters.worker or filters.condition:
        query = query.where(Submission.session_id.in_(_sessions(study_id, filters)))
    if filters.reviewer is not None:
        query = query.where(
            exists().where(Decision.submission_id == Submission.id, Decision.user_id == filters.reviewer)
        )
    if filters.words:
        query = query.where(matches(filters.words))
    return query


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, _UTC)


def _sessions(study_id: int, filters: Filters) -> Select[int]:
    query = select(WritingSession.id).where(WritingSession.study_id == study_id)
    if filters.item:
        query = query.join(Item, Item.id == WritingSession.item_id).where(Item.key == filters.item)
    if filters.worker:
        query = query.join(Worker, Worker.id == WritingSession.worker_id).where(Worker.pseudonym == filters.worker)
    if filters.condition:
        query = query.where(WritingSession.condition == filters.condition)
    return query
