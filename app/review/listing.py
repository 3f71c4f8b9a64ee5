"""Rows and counts for the dashboard's lists: columns only, so that no report body is read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Item, ReportFinding, StoredReport, Submission, Worker, WritingSession
from app.review.filters import UNDECIDED, WAITING, Filters, filtered


@dataclass(frozen=True)
class ListedFinding:
    """A finding by its rule and severity."""

    rule: str
    severity: str


@dataclass(frozen=True)
class ListedSubmission:
    """One line of a list. `arrived_share` (0 to 1) is None until the submission has been analysed."""

    number: int
    public_id: str
    submitted_at: datetime
    words: int
    verdict: str | None
    decision: str | None
    label: str | None
    arrived_share: float | None
    item_key: str
    item_title: str
    worker: str
    findings: Sequence[ListedFinding]


def list_lines(db: Session, study_id: int, filters: Filters, limit: int) -> tuple[list[ListedSubmission], int | None]:
    """A page of lines, newest first, and the `before` of the next page (None at the end). Two statements."""
    query = (
        filtered(select(*_COLUMNS), study_id, filters)
        .join(WritingSession, WritingSession.id == Submission.session_id)
        .join(Item, Item.id == WritingSession.item_id)
        .join(Worker, Worker.id == WritingSession.worker_id)
        .outerjoin(StoredReport, StoredReport.submission_id == Submission.id)
        .order_by(Submission.id.desc())
        .limit(limit + 1)
    )
    rows = db.execute(query).all()
    shown = rows[:limit]
    findings = _findings(db, [row.id for row in shown])
    lines = [ListedSubmission(*row, findings=findings.get(row.id, ())) for row in shown]
    return lines, shown[-1].id if len(rows) > limit else None


_COLUMNS = (
    Submission.id,
    Submission.public_id,
    Submission.submitted_at,
    Submission.words,
    Submission.verdict,
    Submission.decision,
    Submission.label,
    StoredReport.arrived_share,
    Item.key,
    Item.title,
    Worker.pseudonym,
)


def _findings(db: Session, numbers: Sequence[int]) -> Mapping[int, Sequence[ListedFinding]]:
    found: dict[int, list[ListedFinding]] = {}
    rows = db.execute(
        select(ReportFinding.submission_id, ReportFinding.rule, ReportFinding.severity)
        .where(ReportFinding.submission_id.in_(numbers))
        .order_by(ReportFinding.rule)
    )
    for number, rule, severity in rows:
        found.setdefault(number, []).append(ListedFinding(rule, severity))
    return found


@dataclass(frozen=True)
class Counts:
    """How many submissions have which verdict and which decision; keys as in Filters."""

    total: int
    verdicts: Mapping[str, int]
    decisions: Mapping[str, int]
    open_verdicts: Mapping[str, int]


def count_submissions(db: Session, study_id: int) -> Counts:
    """Of the whole study, in one statement."""
    rows = db.execute(
        select(Submission.verdict, Submission.decision, func.count())
        .where(Submission.study_id == study_id)
        .group_by(Submission.verdict, Submission.decision)
    )
    verdicts: dict[str, int] = {}
    decisions: dict[str, int] = {}
    still_open: dict[str, int] = {}
    for verdict, decision, count in rows:
        verdict_key = verdict or WAITING
        verdicts[verdict_key] = verdicts.get(verdict_key, 0) + count
        decisions[decision or UNDECIDED] = decisions.get(decision or UNDECIDED, 0) + count
        if decision is None:
            still_open[verdict_key] = still_open.get(verdict_key, 0) + count
    return Counts(sum(verdicts.values()), verdicts, decisions, still_open)


def findings_of_study(db: Session, study_id: int) -> Mapping[str, int]:
    """How many submissions of a study have each finding."""
    rows = db.execute(
        select(ReportFinding.rule, func.count())
        .join(StoredReport, StoredReport.submission_id == ReportFinding.submission_id)
        .where(StoredReport.study_id == study_id)
        .group_by(ReportFinding.rule)
        .order_by(func.count().desc(), ReportFinding.rule)
    )
    return {row[0]: int(row[1]) for row in rows}


def items_of_study(db: Session, study_id: int) -> Sequence[tuple[str, str]]:
    """Key and title of each item, in the study's order."""
    rows = db.execute(select(Item.key, Item.title).where(Item.study_id == study_id).order_by(Item.id))
    return [(key, title) for key, title in rows]
