"""The prevalence page: plots, their tables, and assumptions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from fastapi import APIRouter
from fastapi.responses import Response

from keytrail.models import Study
from keytrail.requester.frame import Frame, study_frame
from keytrail.requester.people.access import CurrentUser, study_for
from keytrail.requester.synthetic.cached_figures import CurrentFigureCache
from keytrail.requester.synthetic.cross_table import CrossTable, cross_table
from keytrail.requester.synthetic.self_reports import SelfReportRow, self_report_rows
from keytrail.synthetic.prevalence.cache import PREVALENCE, CachedFigures
from keytrail.synthetic.prevalence.estimates import report_rows
from keytrail.synthetic.prevalence.homogeneity import Group
from keytrail.synthetic.prevalence.study import StudyPrevalence
from keytrail.text.cross_submission.likeness import Homogeneity
from keytrail.text.prevalence.intervals import Estimate
from keytrail.text.prevalence.report import PrevalenceReport
from keytrail.web.formatting import percent, percent_range
from keytrail.web.pages import CurrentPages
from keytrail.web.services import ReadSession

router = APIRouter(prefix="/studies/{slug}", include_in_schema=False)


@dataclass(frozen=True)
class EstimateRow:
    """One estimate in words, and its position on a scale from 0 to 100."""

    kind: str
    name: str
    share: str
    interval: str
    units: int
    method: str
    at: float
    low: float
    width: float


@dataclass(frozen=True)
class EstimateTable:
    """All estimates of one set of submissions, or of the workers."""

    title: str
    rows: Sequence[EstimateRow]


@dataclass(frozen=True)
class PartRow:
    """One subgroup of the study; `shares` are its estimates by kind or empty, `plot` is the last one available."""

    name: str
    units: int
    shares: Sequence[str]
    plot: EstimateRow | None


@dataclass(frozen=True)
class PartTable:
    """All subgroups of one split of the study."""

    title: str
    rows: Sequence[PartRow]


@dataclass(frozen=True)
class LikenessRow:
    """The similarity of one set of texts, and its position on a scale to 100, the highest bound."""

    name: str
    mean: str
    interval: str
    pairs: int
    texts: int
    words: int
    at: float
    low: float
    width: float


@dataclass(frozen=True)
class PrevalencePage:
    """Estimates by submission and by worker, then by condition, platform and time; similarity of the texts."""

    template: ClassVar[str] = "requester/synthetic/prevalence.html"

    frame: Frame
    study: Study
    cached: CachedFigures[StudyPrevalence]
    found: StudyPrevalence | None
    """The cached estimates; None before the first computation."""
    tables: Sequence[EstimateTable]
    parts: Sequence[PartTable]
    crossed: CrossTable
    assumptions: Sequence[str]
    alike: Sequence[LikenessRow]
    self_reports: Sequence[SelfReportRow]


@router.get("/prevalence")
def show_prevalence(
    slug: str, user: CurrentUser, db: ReadSession, cache: CurrentFigureCache, render: CurrentPages
) -> Response:
    """Security: study_for answers 404 to users without a role in the study."""
    study, role = study_for(db, slug, user)
    cached = cache.look(PREVALENCE, study)
    found = cached.found
    reports = [] if found is None else [("By submission", found.by_submission), ("By worker", found.by_worker)]
    made = [(title, report_rows(report)) for title, report in reports if report is not None]
    page = PrevalencePage(
        frame=study_frame(user, study, role, "prevalence"),
        study=study,
        cached=cached,
        found=found,
        tables=[EstimateTable(title, [estimate_row(*row) for row in rows]) for title, rows in made],
        parts=[] if found is None else _part_tables(found),
        crossed=cross_table(() if found is None else found.cross),
        assumptions=list(
            dict.fromkeys(self_reports for _, rows in made for _, one in rows for self_reports in one.assumptions)
        ),
        alike=[] if found is None or found.homogeneity is None else _likeness_rows(found.homogeneity.groups),
        self_reports=self_report_rows(db, study),
    )
    return render.render(page)


def _part_tables(found: StudyPrevalence) -> list[PartTable]:
    tables = []
    for way, parts in found.parts.items():
        for unit, reports in (
            ("submission", [(part.name, part.by_submission) for part in parts]),
            ("worker", [(part.name, part.by_worker) for part in parts]),
        ):
            rows = [_part_row(name, report) for name, report in reports]
            tables.append(PartTable(f"By {way}, by {unit}", rows))
    return tables


def _part_row(name: str, report: PrevalenceReport) -> PartRow:
    raw = {one.name: one for one in report.raw}
    two = report.two_tests.prevalence[0] if report.two_tests is not None else None
    kinds = [raw.get("external text"), raw.get("reads synthetic"), next(iter(report.corrected), None), two]
    known = [one for one in kinds if one is not None]
    return PartRow(
        name,
        report.submissions if report.unit == "submissions" else report.workers,
        [
            "" if one is None else f"{percent(one.value)} ({percent_range(one.interval.low, one.interval.high)})"
            for one in kinds
        ],
        estimate_row("", known[-1]) if known else None,
    )


def estimate_row(kind: str, one: Estimate) -> EstimateRow:
    """Return an estimate as the prevalence pages show it."""
    return EstimateRow(
        kind=kind,
        name=one.name,
        share=percent(one.value),
        interval=percent_range(one.interval.low, one.interval.high),
        units=one.units,
        method=one.method,
        at=round(100 * one.value, 2),
        low=round(100 * one.interval.low, 2),
        width=round(100 * (one.interval.high - one.interval.low), 2),
    )


def _likeness_rows(groups: Sequence[Group]) -> list[LikenessRow]:
    spans = [_span(group.found) for group in groups]
    scale = 100 / (max(high for _, high in spans) or 1)
    return [
        LikenessRow(
            name=group.name,
            mean=f"{group.found.mean_jaccard or 0:.3f}",
            interval="too few workers" if group.found.interval is None else f"{low:.3f} to {high:.3f}",
            pairs=group.found.pairs,
            texts=group.found.texts,
            words=round(group.found.words),
            at=round(scale * (group.found.mean_jaccard or 0), 2),
            low=round(scale * low, 2),
            width=round(scale * (high - low), 2),
        )
        for group, (low, high) in zip(groups, spans, strict=True)
    ]


def _span(found: Homogeneity) -> tuple[float, float]:
    mean = found.mean_jaccard or 0.0
    return (mean, mean) if found.interval is None else (found.interval.low, found.interval.high)
