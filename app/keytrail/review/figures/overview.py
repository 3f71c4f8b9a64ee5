"""Figures of a study's overview: counted by the database with a fixed number of statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from sqlalchemy import Integer, Select, SQLColumnExpression, case, column, func, select, values
from sqlalchemy.orm import Session

from keytrail.db import UtcDateTime
from keytrail.models import ReportFinding, Submission
from keytrail.review.judging.settlement import FLAGGED, VERDICTS_IN_ORDER
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

MINUTE_BINS: Sequence[Range] = (
    Range(None, 2),
    *(Range(low, low + 2) for low in range(2, 30, 2)),
    Range(30, None),
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
    rows = db.execute(_counts_of_periods(study_id, starts, size))
    counts = {number: _by_verdict(by_verdict) for number, *by_verdict in rows}
    return [Period(start, size, counts[number]) for number, start in enumerate(starts)]


def _by_verdict(counts: Sequence[int]) -> Mapping[str, int]:
    """Return what a period has of each verdict, and what is not analysed yet."""
    return {verdict: count for verdict, count in zip((*VERDICTS_IN_ORDER, WAITING), counts, strict=True) if count}


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


def _counts_of_periods(study_id: int, starts: Sequence[datetime], seconds: int) -> Select[Any]:
    """Select each period's number, its submissions of each verdict, and those without one.

    Each count is a range of an index: a quarter of the time of grouping the study's submissions.
    """
    ends = (start + timedelta(seconds=seconds) for start in starts)
    limits = [
        (number, start.astimezone(UTC), end.astimezone(UTC))
        for number, (start, end) in enumerate(zip(starts, ends, strict=True))
    ]
    columns = (column("number", Integer), column("since", UtcDateTime), column("until", UtcDateTime))
    periods = values(*columns, name="periods").data(limits).cte()
    within = select(func.count()).where(
        Submission.study_id == study_id,
        Submission.submitted_at >= periods.c.since,
        Submission.submitted_at < periods.c.until,
    )
    of_each = (within.where(Submission.verdict == verdict) for verdict in (*VERDICTS_IN_ORDER, None))
    counts = [count.correlate(periods).scalar_subquery() for count in of_each]
    return select(periods.c.number, *counts)


def _period(seconds: int) -> int:
    fitting = (size for size in (HOUR, 6 * HOUR, DAY, WEEK, 4 * WEEK) if seconds / size < _MOST_BARS)
    return next(fitting, 26 * WEEK)


def arrived_shares(db: Session, study_id: int) -> Sequence[int]:
    """Count the submissions in each of ARRIVED_BINS, of those whose log can tell."""
    return _in_bins(db, study_id, Submission.arrived_share, ARRIVED_BINS, 0.01)


def minutes_on_task(db: Session, study_id: int) -> Sequence[int]:
    """Count the submissions in each of MINUTE_BINS by the time from the first event to the last, if the log has
    times.
    """
    return _in_bins(db, study_id, Submission.duration_ms, MINUTE_BINS, 60_000)


def _in_bins(
    db: Session, study_id: int, measure: SQLColumnExpression[Any], bins: Sequence[Range], unit: float
) -> Sequence[int]:
    """Count the known values in each bin, which is a range of the measure's index."""
    counts = [
        select(func.count())
        .where(Submission.study_id == study_id, measure.is_not(None), within.holds(measure, unit))
        .scalar_subquery()
        for within in bins
    ]
    return list(db.execute(select(*counts)).one())


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
            Submission.condition,
            func.count(),
            func.count(case((Submission.verdict.in_(FLAGGED), 1))),
            func.avg(Submission.arrived_share),
            func.avg(Submission.words),
            func.avg(Submission.duration_ms) / 60_000,
        )
        .where(Submission.study_id == study_id, Submission.condition.is_not(None))
        .group_by(Submission.condition)
        .order_by(Submission.condition)
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
    """Return the first moment after a period."""
    return period.start + timedelta(seconds=period.seconds)
