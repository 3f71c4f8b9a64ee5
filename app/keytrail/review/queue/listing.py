"""Rows and counts for the dashboard's lists: columns only, so that no report body is read."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from keytrail.models import (
    Item,
    Membership,
    ReportFinding,
    Role,
    StoredReport,
    Study,
    Submission,
    User,
    Worker,
    WritingSession,
)
from keytrail.provenance import Severity
from keytrail.review.judging.arrived_share import ARRIVED_SHARE
from keytrail.review.judging.settlement import disagreements, open_ones
from keytrail.review.queue.filters import DISAGREED, OPEN, UNDECIDED, WAITING, Filters, filtered


@dataclass(frozen=True)
class ListedFinding:
    """A finding with its rule and severity."""

    rule: str
    severity: str


@dataclass(frozen=True)
class ListedSubmission:
    """One line of a list. `arrived_share` (0 to 1) is None before the analysis, and where the log cannot tell."""

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
        .outerjoin(StoredReport, StoredReport.submission_id == Submission.id)
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
    ARRIVED_SHARE,
    Item.key,
    Item.title,
    Worker.pseudonym,
    WritingSession.condition,
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


@dataclass(frozen=True)
class Counts:
    """Counts of submissions by verdict and by decision; keys as in Filters."""

    total: int
    verdicts: dict[str, int]
    decisions: dict[str, int]


def count_submissions(db: Session, study_id: int) -> Counts:
    """Count the whole study's submissions, with one statement."""
    rows = db.execute(
        select(Submission.verdict, Submission.decision, func.count())
        .where(Submission.study_id == study_id)
        .group_by(Submission.verdict, Submission.decision)
    )
    verdicts: dict[str, int] = {}
    decisions: dict[str, int] = {}
    for verdict, decision, count in rows:
        verdict_key = verdict or WAITING
        verdicts[verdict_key] = verdicts.get(verdict_key, 0) + count
        decisions[decision or UNDECIDED] = decisions.get(decision or UNDECIDED, 0) + count
    return Counts(sum(verdicts.values()), verdicts, decisions)


def count_by_verdict(db: Session, query: Select[int]) -> dict[str, int]:
    """How many submissions of a filtered query have which verdict, in one statement."""
    found = query.with_only_columns(Submission.verdict, func.count(), maintain_column_froms=True).order_by(None)
    return {verdict or WAITING: count for verdict, count in db.execute(found.group_by(Submission.verdict))}


def count_decisions(db: Session, study: Study, counts: Counts) -> Mapping[str, int]:
    """Return the decisions of `counts`, with those that are still hidden counted as OPEN or DISAGREED."""
    if study.reviews_per_submission == 1:
        return counts.decisions
    rows = db.execute(
        select(Submission.decision, func.count())
        .where(Submission.study_id == study.id, open_ones())
        .group_by(Submission.decision)
    )
    still_open = Counter({str(decision): count for decision, count in rows})
    differ = db.scalar(select(func.count()).where(Submission.study_id == study.id, disagreements())) or 0
    return Counter(counts.decisions) - still_open + Counter({OPEN: still_open.total() - differ, DISAGREED: differ})


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
