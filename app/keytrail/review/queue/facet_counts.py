"""Count submissions by each value of a filter, with all other filters applied."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session, aliased

from keytrail.models import Decision, Item, ReportFinding, Submission, WritingSession
from keytrail.review.queue.filters import Filters, has_decision

MOST_ITEMS = 100
"""Items that are counted: as many as a list of choices holds."""

Restrict = Callable[[Filters], Select[int]]
"""The list's query over submissions with these filters."""


def count_facets(
    db: Session, study_id: int, filters: Filters, restrict: Restrict, decisions: Iterable[str]
) -> Mapping[str, Mapping[str, int]]:
    """Return counts by filter and value, in five statements; values that do not occur may be missing.

    `decisions` are the values of that filter, as in Filters.
    """
    return {
        "finding": _counted(db, _by_finding(restrict(replace(filters, finding=None)))),
        "item": _counted(db, _by_item(restrict(replace(filters, item=None)), study_id)),
        "condition": _counted(db, _by_condition(restrict(replace(filters, condition=None)))),
        "reviewer": _counted(db, _by_reviewer(restrict(replace(filters, reviewer=None)))),
        "decision": _by_decision(db, restrict(replace(filters, decision=None)), list(decisions)),
    }


def _counted(db: Session, query: Select[Any]) -> Mapping[str, int]:
    return {str(value): count for value, count in db.execute(query) if value is not None}


def _by_finding(query: Select[int]) -> Select[Any]:
    query = query.join(ReportFinding, ReportFinding.submission_id == Submission.id)
    return _grouped(query, ReportFinding.rule, func.count())


def _by_item(query: Select[int], study_id: int) -> Select[Any]:
    listed = select(Item.id).where(Item.study_id == study_id).order_by(Item.id).limit(MOST_ITEMS)
    query = query.join(Item, Item.id == Submission.item_id).where(Submission.item_id.in_(listed))
    return _grouped(query, Item.key, func.count())


def _by_condition(query: Select[int]) -> Select[Any]:
    # The session's, not the submission's: SQLite would follow that one's index and read every row of the study.
    query = query.join(WritingSession, WritingSession.id == Submission.session_id)
    return _grouped(query, WritingSession.condition, func.count())


def _by_reviewer(query: Select[int]) -> Select[Any]:
    decided = aliased(Decision)  # the queue's own condition reads decisions too
    query = query.join(decided, decided.submission_id == Submission.id)
    return _grouped(query, decided.user_id, func.count(Submission.id.distinct()))


def _by_decision(db: Session, query: Select[int], decisions: list[str]) -> Mapping[str, int]:
    """A submission may count for two values: a second look that is still open."""
    counts = [func.count(case((has_decision(decision), 1))) for decision in decisions]
    row = db.execute(query.with_only_columns(*counts, maintain_column_froms=True)).one()
    return dict(zip(decisions, row, strict=True))


def _grouped(query: Select[int], value: Any, count: Any) -> Select[Any]:
    return query.with_only_columns(value, count, maintain_column_froms=True).group_by(value)
