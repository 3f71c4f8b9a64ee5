"""Figures of a study's overview: counted by the database with a fixed number of statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from sqlalchemy import CompoundSelect, Integer, case, cast, func, literal, select, union_all
from sqlalchemy.orm import Session

from keytrail.models import ReportFinding, StoredReport, Submission, WritingSession
from keytrail.review.judging.arrived_share import ARRIVED_SHARE, IS_KNOWN
from keytrail.review.queue.filters import WAITING, Range

HOUR, DAY, WEEK = 3600, 86_400, 604_800
# At most this many bars, so that each is wide enough to click; longer studies get longer periods.
_MOST_BARS = 26

ARRIVED_BINS: Sequence[Range] = (
    Range(None, 0),
    *(Range(low, low + 10) for low in range(0, 90, 10)),
    Range(90, 99.9999),
    Range(99.9999, None),
)


@dataclass(frozen=True)
class Period:
    """Submissions of a stretch of time by verdict; it starts on the clock of whoever reads."""

    start: datetime
    seconds: int
    counts: Mapping[str, int]


def progress_over_time(db: Session, study_id: int, zone: tzinfo = UTC) -> Sequence[Period]:
    """All periods from the first submission to the last; hours, days or weeks of a zone, whichever suits."""
    # Two statements: each is answered by one look into the index, both together by reading all of it.
    earliest = db.scalar(select(func.min(Submission.submitted_at)).where(Submission.study_id == study_id))
    latest = db.scalar(select(func.max(Submission.submitted_at)).where(Submission.study_id == study_id))
    if earliest is None or latest is None:
        return []
    size = _period(int((latest - earliest).total_seconds()))
    starts = _starts(earliest.astimezone(zone), latest.astimezone(zone), size)
    counts: dict[int, dict[str, int]] = {}
    for number, verdict, count in db.execute(_counts_of_periods(study_id, starts, size)):
        counts.setdefault(number, {})[verdict or WAITING] = count
    return [Period(start, size, counts.get(number, {})) for number, start in enumerate(starts)]


def _starts(first: datetime, last: datetime, seconds: int) -> Sequence[datetime]:
    """By the clock on the wall: hours from midnight on, weeks from Monday on."""
    start = first.replace(hour=0, minute=0, second=0, microsecond=0)
    if seconds < DAY:
        start += timedelta(seconds=(first - start).seconds // seconds * seconds)
    elif seconds > DAY:
        start -= timedelta(days=start.weekday())
    starts = [start]
    while (following := starts[-1] + timedelta(seconds=seconds)) <= last:
        starts.append(following)
    return starts


def _counts_of_periods(study_id: int, starts: Sequence[datetime], seconds: int) -> CompoundSelect[int, str | None, int]:
    """Count each period as a range of the index, which is much cheaper than computing every submission's period."""
    return union_all(
        *(
            select(literal(number), Submission.verdict, func.count())
            .where(
                Submission.study_id == study_id,
                Submission.submitted_at >= start.astimezone(UTC),
                Submission.submitted_at < (start + timedelta(seconds=seconds)).astimezone(UTC),
            )
            .group_by(Submission.verdict)
            for number, start in enumerate(starts)
        )
    )


def _period(seconds: int) -> int:
    fitting = (size for size in (HOUR, 6 * HOUR, DAY, WEEK, 4 * WEEK) if seconds / size < _MOST_BARS)
    return next(fitting, 26 * WEEK)


def arrived_shares(db: Session, study_id: int) -> Sequence[int]:
    """Count the submissions in each of ARRIVED_BINS, of those whose log can tell."""
    column = StoredReport.__table__.c.arrived_share
    # Each is a range of the index.
    counts = [
        select(func.count())
        .where(StoredReport.study_id == study_id, IS_KNOWN, within.holds(column, 0.01))
        .scalar_subquery()
        for within in ARRIVED_BINS
    ]
    return list(db.execute(select(*counts)).one())


def minutes_on_task(db: Session, study_id: int) -> Mapping[int, int]:
    """Count submissions by started minutes from the first event to the last: 3 stands for more than 2 and at most 3."""
    minute = (StoredReport.duration_ms + 59_999) / 60_000
    begun = cast(func.floor(minute), Integer) if db.get_bind().dialect.name == "postgresql" else cast(minute, Integer)
    rows = db.execute(
        select(begun.label("begun"), func.count())
        .where(StoredReport.study_id == study_id, StoredReport.duration_ms.is_not(None))
        .group_by("begun")
    )
    return {max(1, int(minutes)): count for minutes, count in rows}


def findings_by_rule(db: Session, study_id: int) -> Mapping[str, Mapping[str, int]]:
    """Count submissions by rule and severity."""
    rows = db.execute(
        select(ReportFinding.rule, ReportFinding.severity, func.count())
        .where(ReportFinding.study_id == study_id)
        .group_by(ReportFinding.rule, ReportFinding.severity)
    )
    found: dict[str, dict[str, int]] = {}
    for rule, severity, count in rows:
        found.setdefault(rule, {})[severity] = count
    return found


@dataclass(frozen=True)
class ConditionFigures:
    """One condition of the comparison. Shares are of analysed submissions, means over them."""

    condition: str
    submitted: int
    flagged: int
    mean_arrived: float | None
    mean_words: float
    mean_minutes: float | None


def by_condition(db: Session, study_id: int) -> Sequence[ConditionFigures]:
    """Return the conditions of a study by name; none if nobody was assigned one."""
    rows = db.execute(
        select(
            WritingSession.condition,
            func.count(),
            func.count(case((Submission.verdict.in_(("strong", "review")), 1))),
            func.avg(ARRIVED_SHARE),
            func.avg(Submission.words),
            func.avg(StoredReport.duration_ms) / 60_000,
        )
        .join(Submission, Submission.session_id == WritingSession.id)
        .outerjoin(StoredReport, StoredReport.submission_id == Submission.id)
        .where(WritingSession.study_id == study_id, WritingSession.condition.is_not(None))
        .group_by(WritingSession.condition)
        .order_by(WritingSession.condition)
    )
    return [
        ConditionFigures(
            condition=name,
            submitted=submitted,
            flagged=flagged,
            mean_arrived=None if arrived is None else float(arrived),
            mean_words=float(words),
            mean_minutes=None if minutes is None else float(minutes),
        )
        for name, submitted, flagged, arrived, words, minutes in rows
    ]


def period_end(period: Period) -> datetime:
    """Return the end of a period."""
    return period.start + timedelta(seconds=period.seconds)
