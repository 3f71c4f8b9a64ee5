"""The comparison of a study's conditions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from fastapi import APIRouter
from fastapi.responses import Response

from keytrail.models import Study
from keytrail.requester.frame import Frame, Link, study_frame
from keytrail.requester.people.access import CurrentUser, study_for
from keytrail.requester.synthetic.cached_figures import CurrentFigureCache
from keytrail.requester.synthetic.self_reports import SelfReportRow, self_report_rows
from keytrail.studies.conditions import conditions_of
from keytrail.synthetic.prevalence.cache import CONDITIONS, CachedFigures
from keytrail.synthetic.prevalence.comparison import StudyComparison
from keytrail.text.prevalence.conditions import Comparison, ComparisonRow
from keytrail.text.prevalence.intervals import Interval
from keytrail.web.formatting import percent
from keytrail.web.pages import CurrentPages
from keytrail.web.services import ReadSession

router = APIRouter(prefix="/studies/{slug}", include_in_schema=False)

_FEW = 10
_ENDLESS = 1000


@dataclass(frozen=True)
class ComparedRow:
    """One condition in words; `differs` says that the interval of the difference excludes 0."""

    condition: str
    value: str
    interval: str
    difference: str
    ratio: str
    counted: str
    differs: bool


@dataclass(frozen=True)
class ComparedFigure:
    """One figure over all conditions."""

    name: str
    rows: Sequence[ComparedRow]


@dataclass(frozen=True)
class ConditionsPage:
    """`kept` is None in a study without conditions, `found` also before the first computation."""

    template: ClassVar[str] = "requester/synthetic/conditions.html"

    frame: Frame
    study: Study
    cached: CachedFigures[StudyComparison] | None
    found: StudyComparison | None
    figures: Sequence[ComparedFigure]
    self_reports: Sequence[SelfReportRow]
    assumptions: Sequence[str]


@router.get("/conditions")
def show_conditions(
    slug: str, user: CurrentUser, db: ReadSession, cache: CurrentFigureCache, render: CurrentPages
) -> Response:
    """Security: study_for answers 404 to users without a role in the study."""
    study, role = study_for(db, slug, user)
    cached = cache.look(CONDITIONS, study) if conditions_of(study) else None
    found = None if cached is None else cached.found
    comparisons = found.comparisons if found else ()
    page = ConditionsPage(
        frame=study_frame(user, study, role, "prevalence", Link("Conditions", "", current=True)),
        study=study,
        cached=cached,
        found=found,
        figures=[ComparedFigure(one.figure, [_row(one, row) for row in one.rows]) for one in comparisons],
        self_reports=self_report_rows(db, study),
        assumptions=list(dict.fromkeys(self_reports for one in comparisons for self_reports in one.assumptions)),
    )
    return render.render(page)


def _row(comparison: Comparison, row: ComparisonRow) -> ComparedRow:
    share = comparison.is_share
    between = row.difference_interval
    return ComparedRow(
        condition=row.condition,
        value=_number(row.value, share=share),
        interval=_interval(row.interval, share=share),
        difference="" if row.difference is None else _with(row.difference, between, share=share),
        ratio="" if row.ratio is None else f"{row.ratio:.2f}{_ratios(row.ratio_interval)}",
        counted=f"{row.units:,}" if row.units == row.workers else f"{row.units:,} by {row.workers:,} workers",
        differs=between is not None and (between.low > 0 or between.high < 0),
    )


def _number(value: float, *, share: bool, signed: bool = False) -> str:
    sign = "+" if signed else ""
    if share:
        return f"{100 * value:+.0f}" if signed else percent(value)
    return f"{value:{sign}.1f}" if abs(value) >= _FEW else f"{value:{sign}.2f}"


def _interval(interval: Interval | None, *, share: bool, signed: bool = False) -> str:
    if interval is None:
        return "too few workers"
    low, high = (_number(end, share=share, signed=signed) for end in (interval.low, interval.high))
    return f"{low} to {high}"


def _with(value: float, interval: Interval | None, *, share: bool) -> str:
    points = " points" if share else ""
    return f"{_number(value, share=share, signed=True)}{points} ({_interval(interval, share=share, signed=True)})"


def _ratios(interval: Interval | None) -> str:
    if interval is None:
        return ""
    # Where the reference may be close to 0, the ratio to it has no upper end.
    return f" ({interval.low:.2f} {'and more' if interval.high > _ENDLESS else f'to {interval.high:.2f}'})"
