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
from keytrail.requester.synthetic.forest import ForestLine, ForestPlot, forest_plot
from keytrail.requester.synthetic.self_reports import SelfReportRow, self_report_rows
from keytrail.studies.conditions import conditions_of
from keytrail.synthetic.prevalence.cache import CONDITIONS, CachedFigures
from keytrail.synthetic.prevalence.comparison import CORRECTED, StudyComparison
from keytrail.text.prevalence.conditions import Comparison, ComparisonRow
from keytrail.text.prevalence.intervals import Estimate, Interval
from keytrail.web.formatting import decimal, digits_for, number
from keytrail.web.pages import CurrentPages
from keytrail.web.services import ReadSession

router = APIRouter(prefix="/studies/{slug}", include_in_schema=False)

TOO_FEW = "too few workers"
_ENDLESS = 1000
_CHANCE = 0.05
"""How often a 95 % interval leaves out the truth."""


@dataclass(frozen=True)
class ComparedRow:
    """One condition in words; `differs` says that the interval of the difference leaves out 0.

    Where the figure means something else (`comparable` is False) there are no figures.
    """

    condition: str
    value: str = ""
    interval: str = ""
    difference: str = ""
    ratio: str = ""
    counted: str = ""
    differs: bool = False
    comparable: bool = True


@dataclass(frozen=True)
class ComparedFigure:
    """One figure over all conditions."""

    name: str
    rows: Sequence[ComparedRow]
    plot: ForestPlot | None


@dataclass(frozen=True)
class ConditionsPage:
    """`cached` is None in a study without conditions, `found` also before there are figures for the first time."""

    template: ClassVar[str] = "requester/synthetic/conditions.html"

    frame: Frame
    study: Study
    cached: CachedFigures[StudyComparison] | None
    found: StudyComparison | None
    figures: Sequence[ComparedFigure]
    differences: int
    """How many differences to the reference the page shows, of which `by_chance` leave out 0 if nothing differs."""
    by_chance: float
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
    differences = sum(row.difference_interval is not None for one in comparisons for row in one.rows)
    page = ConditionsPage(
        frame=study_frame(user, study, role, "prevalence", Link("Conditions", "", current=True)),
        study=study,
        cached=cached,
        found=found,
        figures=[_figure(one) for one in comparisons],
        differences=differences,
        by_chance=_CHANCE * differences,
        self_reports=self_report_rows(db, study),
        assumptions=list(dict.fromkeys(self_reports for one in comparisons for self_reports in one.assumptions)),
    )
    return render.render(page)


def _figure(comparison: Comparison) -> ComparedFigure:
    """The rows in words, then the conditions that have none because the figure means something else in them."""
    rows = [_row(comparison, row) for row in comparison.rows]
    unlike = [ComparedRow(condition=name, comparable=False) for name in comparison.not_comparable]
    name = comparison.figure
    return ComparedFigure(name, [*rows, *unlike], _plot(comparison) if name == CORRECTED else None)


def _plot(comparison: Comparison) -> ForestPlot | None:
    lines = [
        ForestLine(row.condition, Estimate(comparison.figure, row.value, row.interval, row.units, "", ()))
        for row in comparison.rows
        if row.interval is not None
    ]
    return forest_plot("corrected", "Texts that read synthetic, corrected, by condition", [("", lines)])


def _row(comparison: Comparison, row: ComparisonRow) -> ComparedRow:
    scale = 100 if comparison.is_share else 1
    between = row.difference_interval
    return ComparedRow(
        condition=row.condition,
        value=_with_unit(_number(scale * row.value, _digits(row.interval, scale)), comparison),
        interval=_with_unit(_ends(row.interval, scale), comparison) if row.interval else TOO_FEW,
        difference="" if row.difference is None else _difference(row.difference, between, comparison),
        ratio="" if row.ratio is None else f"{decimal(row.ratio, 2)}{_ratios(row.ratio_interval)}",
        counted=number(row.units) + ("" if row.units == row.workers else f" by {number(row.workers)} workers"),
        differs=between is not None and (between.low > 0 or between.high < 0),
    )


def _digits(interval: Interval | None, scale: float) -> int:
    return 0 if interval is None else digits_for(scale * interval.low, scale * interval.high)


def _number(value: float, digits: int, *, signed: bool = False) -> str:
    return decimal(value, digits, signed=signed)


def _ends(interval: Interval, scale: float, *, signed: bool = False) -> str:
    digits = _digits(interval, scale)
    low, high = (_number(scale * end, digits, signed=signed) for end in (interval.low, interval.high))
    return f"{low} to {high}"


def _with_unit(text: str, comparison: Comparison) -> str:
    return f"{text}\u00a0%" if comparison.is_share else text


def _difference(value: float, interval: Interval | None, comparison: Comparison) -> str:
    scale = 100 if comparison.is_share else 1
    points = " points" if comparison.is_share else ""
    between = TOO_FEW if interval is None else _ends(interval, scale, signed=True)
    return f"{_number(scale * value, _digits(interval, scale), signed=True)}{points} ({between})"


def _ratios(interval: Interval | None) -> str:
    if interval is None:
        return ""
    # Where the reference may be close to 0, the ratio to it has no upper end.
    end = "and more" if interval.high > _ENDLESS else f"to {decimal(interval.high, 2)}"
    return f" ({decimal(interval.low, 2)} {end})"
