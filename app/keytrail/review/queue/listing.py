"""Rows of the dashboard's lists: columns only, so that no report body is read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, exists, func, select
from sqlalchemy.orm import Session

from keytrail.models import (
    AnalysisFailure,
    Item,
    Membership,
    ReportFinding,
    Role,
    Submission,
    User,
    Worker,
    WritingSession,
)
from keytrail.provenance import Severity
from keytrail.review.queue.filters import WAITING, Filters, filtered


@dataclass(frozen=True)
class ListedFinding:
    """A finding with its rule and severity."""

    rule: str
    severity: str


@dataclass(frozen=True)
class ListedSubmission:
    """One line of a list. `arrived_share` (0 to 1) is None before the analysis, and where the log cannot tell.

    `failed`: its analysis failed and is not tried again by itself.
    """

    findings: Sequence[ListedFinding]
    number: int
    public_id: str
    submitted_at: datetime
    words: int
    verdict: str | None
    attention: float
    decision: str | None
    reviewers: int
    settled: bool
    claimed_by_id: int | None
    claimed_until: datetime | None
    label: str | None
    arrived_share: float | None
    item_key: str
    item_title: str
    worker: str
    condition: str | None
    failed: bool


def list_lines(
    db: Session, study_id: int, filters: Filters, limit: int, *, oldest_first: bool = False
) -> tuple[list[ListedSubmission], int | None]:
    """Return a page of lines, newest first, and the `before` of the next page (None at the end). Two statements.

    With `oldest_first` the reverse, and the `after` of the next page.
    """
    order = Submission.id.asc() if oldest_first else Submission.id.desc()
    query = filtered(select(Submission.id), study_id, filters).order_by(order)
    lines, more = lines_of(db, query, limit)
    return lines, lines[-1].number if more else None


def lines_of(db: Session, query: Select[int], limit: int) -> tuple[list[ListedSubmission], bool]:
    """Return the first lines of a query over submissions, in its order, and whether there are more. Two statements."""
    rows: Sequence[Any] = db.execute(
        query.with_only_columns(*_COLUMNS, maintain_column_froms=True)
        .join(WritingSession, WritingSession.id == Submission.session_id)
        .join(Item, Item.id == WritingSession.item_id)
        .join(Worker, Worker.id == WritingSession.worker_id)
        .limit(limit + 1)
    ).all()
    shown = rows[:limit]
    findings = _findings(db, [row.id for row in shown])
    return [ListedSubmission(findings.get(row.id, ()), *row) for row in shown], len(rows) > limit


_COLUMNS = (
    Submission.id,
    Submission.public_id,
    Submission.submitted_at,
    Submission.words,
    Submission.verdict,
    Submission.attention,
    Submission.decision,
    Submission.reviewers,
    Submission.settled,
    Submission.claimed_by_id,
    Submission.claimed_until,
    Submission.label,
    Submission.arrived_share,
    Item.key,
    Item.title,
    Worker.pseudonym,
    WritingSession.condition,
    exists(
        select(AnalysisFailure.submission_id)
        .where(AnalysisFailure.submission_id == Submission.id, AnalysisFailure.next_at.is_(None))
        .correlate(Submission)
    ),
)
_WEIGHTIEST_FIRST = case({Severity.HIGH: 0, Severity.REVIEW: 1}, value=ReportFinding.severity, else_=2)


def _findings(db: Session, numbers: Sequence[int]) -> Mapping[int, Sequence[ListedFinding]]:
    found: dict[int, list[ListedFinding]] = {}
    rows = db.execute(
        select(ReportFinding.submission_id, ReportFinding.rule, ReportFinding.severity)
        .where(ReportFinding.submission_id.in_(numbers))
        .order_by(_WEIGHTIEST_FIRST, ReportFinding.rule)
    )
    for number, rule, severity in rows:
        found.setdefault(number, []).append(ListedFinding(rule, severity))
    return found


def count_by_verdict(db: Session, query: Select[int]) -> dict[str, int]:
    """How many submissions of a filtered query have which verdict, in one statement."""
    found = query.with_only_columns(Submission.verdict, func.count(), maintain_column_froms=True).order_by(None)
    return {verdict or WAITING: count for verdict, count in db.execute(found.group_by(Submission.verdict))}


def items_of_study(db: Session, study_id: int, limit: int) -> Sequence[tuple[str, str]]:
    """Return key and title of the first items, in the study's order."""
    rows = db.execute(select(Item.key, Item.title).where(Item.study_id == study_id).order_by(Item.id).limit(limit))
    return [(key, title) for key, title in rows]


def reviewers_of_study(db: Session, study_id: int) -> Sequence[tuple[int, str]]:
    """Return id and name of everybody who may decide in a study."""
    rows = db.execute(
        select(User.id, User.name)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.study_id == study_id, Membership.role != Role.VIEWER)
        .order_by(User.name, User.id)
    )
    return [(number, name) for number, name in rows]
