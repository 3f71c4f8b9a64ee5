"""Filters of a study's submissions."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, exists, select, true
from sqlalchemy.orm import aliased

from keytrail.models import (
    Decision,
    DecisionKind,
    Item,
    ReportFinding,
    Submission,
    Worker,
)
from keytrail.review.judging.settlement import disagreements, open_ones
from keytrail.review.queue.search import matches

_Query = TypeVar("_Query", bound=Select[*tuple[Any, ...]])

# Stand for "no value" where a filter names one.
UNDECIDED = "undecided"
WAITING = "waiting"

# Somebody decided, and others are still to judge.
OPEN = "open"

# As many as the study asks for decided, and differently.
DISAGREED = "disagreed"


@dataclass(frozen=True)
class Range:
    """More than `over` (None: no lower limit) and at most `upto` (None: no upper limit)."""

    over: float | None
    upto: float | None

    def holds(self, column: SQLColumnExpression[Any], unit: float) -> ColumnElement[bool]:
        """Condition that a column, counted in `unit`s, lies within."""
        above = true() if self.over is None else column > self.over * unit
        return above if self.upto is None else above & (column <= self.upto * unit)


@dataclass(frozen=True)
class Filters:
    """The filters; None means everything. `before` and `after` are submissions' numbers: only older or newer ones.

    `verdict` may be WAITING (not analysed yet), `decision` UNDECIDED, OPEN or DISAGREED. `reviewer` is the id of a user
    who decided. `since` (inclusive) and `until` (exclusive) are times of submission. `words` are searched in text and
    comment. `arrived` is the share that arrived without typing in per cent, `minutes` the time from first to last
    event.
    """

    verdict: str | None = None
    finding: str | None = None
    item: str | None = None
    condition: str | None = None
    worker: str | None = None
    decision: str | None = None
    reviewer: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    words: str | None = None
    arrived: Range | None = None
    minutes: Range | None = None
    before: int | None = None
    after: int | None = None


def filtered(query: _Query, study_id: int, filters: Filters) -> _Query:
    """Return the query, over submissions, restricted to one study and the filters."""
    query = query.where(Submission.study_id == study_id)
    if filters.before is not None:
        query = query.where(Submission.id < filters.before)
    if filters.after is not None:
        query = query.where(Submission.id > filters.after)
    if filters.verdict:
        query = query.where(Submission.verdict == (None if filters.verdict == WAITING else filters.verdict))
    if filters.decision:
        query = query.where(has_decision(filters.decision))
    if filters.since:
        query = query.where(Submission.submitted_at >= filters.since)
    if filters.until:
        query = query.where(Submission.submitted_at < filters.until)
    return _by_others(query, study_id, filters)


def has_decision(decision: str) -> ColumnElement[bool]:
    """Whether a submission counts for this value of the filter."""
    if decision == UNDECIDED:
        return Submission.decision.is_(None)
    if decision == OPEN:
        return open_ones() & ~disagreements()
    if decision == DISAGREED:
        return disagreements()
    # For open submissions the filter reveals no more than the list.
    asked = Submission.decision == decision
    return asked if decision == DecisionKind.SECOND_LOOK else asked & Submission.settled.is_(True)


def _by_others(query: _Query, study_id: int, filters: Filters) -> _Query:
    """Return the conditions on other tables."""
    if filters.finding:
        # Evaluated row by row: a page is full long before the whole list of a frequent finding could be built.
        query = query.where(
            exists().where(ReportFinding.submission_id == Submission.id, ReportFinding.rule == filters.finding)
        )
    if filters.arrived or filters.minutes:
        query = query.where(Submission.id.in_(_in_ranges(study_id, filters)))
    if filters.item:
        item = select(Item.id).where(Item.study_id == study_id, Item.key == filters.item)
        query = query.where(Submission.item_id == item.correlate(None).scalar_subquery())
    if filters.worker:
        worker = select(Worker.id).where(Worker.study_id == study_id, Worker.pseudonym == filters.worker)
        query = query.where(Submission.worker_id == worker.correlate(None).scalar_subquery())
    if filters.condition:
        query = query.where(Submission.condition == filters.condition)
    if filters.reviewer is not None:
        query = query.where(
            exists().where(Decision.submission_id == Submission.id, Decision.user_id == filters.reviewer)
        )
    if filters.words:
        query = query.where(matches(filters.words))
    return query


def _in_ranges(study_id: int, filters: Filters) -> Select[int]:
    """Select from the ranges' own indexes, so that the order of a list does not decide how they are found."""
    ranged = aliased(Submission)
    query = select(ranged.id).where(ranged.study_id == study_id)
    if filters.arrived:
        share = ranged.arrived_share
        query = query.where(share.is_not(None), filters.arrived.holds(share, 0.01))
    if filters.minutes:
        query = query.where(filters.minutes.holds(ranged.duration_ms, 60_000))
    return query
