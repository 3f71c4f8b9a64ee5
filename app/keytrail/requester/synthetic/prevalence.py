"""The Prevalence page: a sentence and a plot of how much language models wrote, with data and assumptions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from fastapi import APIRouter
from fastapi.responses import Response

from keytrail.models import Role, Study
from keytrail.requester.frame import Frame, study_frame
from keytrail.requester.people.access import CurrentUser, study_for
from keytrail.requester.synthetic.cached_figures import CurrentFigureCache
from keytrail.requester.synthetic.cross_table import CrossTable, cross_table
from keytrail.requester.synthetic.estimate_rows import ErrorRow, EstimateRow, error_rows, estimate_rows
from keytrail.requester.synthetic.estimators import EstimatorNote, estimator_lines, estimator_notes
from keytrail.requester.synthetic.forest import ForestPlot, forest_plot
from keytrail.requester.synthetic.headline import Headline, headline
from keytrail.requester.synthetic.likeness import LikenessRow, likeness_rows
from keytrail.requester.synthetic.prevalence_parts import PartSection, part_sections
from keytrail.requester.synthetic.self_reports import SelfReportRow, self_report_rows
from keytrail.requester.synthetic.statements import StatementRow, statement_rows
from keytrail.requester.synthetic.unjudged import UnjudgedRow, unjudged_rows
from keytrail.synthetic.prevalence.cache import PREVALENCE, CachedFigures
from keytrail.synthetic.prevalence.study import StudyPrevalence
from keytrail.web.pages import CurrentPages
from keytrail.web.services import ReadSession

router = APIRouter(prefix="/studies/{slug}", include_in_schema=False)


@dataclass(frozen=True)
class PrevalencePage:
    """`found` and what is made of it are None or empty before there are estimates for the first time."""

    template: ClassVar[str] = "requester/synthetic/prevalence.html"

    frame: Frame
    study: Study
    cached: CachedFigures[StudyPrevalence]
    found: StudyPrevalence | None
    headline: Headline | None
    plot: ForestPlot | None
    rows: Sequence[EstimateRow]
    notes: Sequence[EstimatorNote]
    errors: Sequence[ErrorRow]
    parts: Sequence[PartSection]
    crossed: CrossTable
    unjudged: Sequence[UnjudgedRow]
    may_score: bool
    alike: Sequence[LikenessRow]
    self_reports: Sequence[SelfReportRow]
    statements: Sequence[StatementRow]


@router.get("/prevalence")
def show_prevalence(
    slug: str, user: CurrentUser, db: ReadSession, cache: CurrentFigureCache, render: CurrentPages
) -> Response:
    """Security: study_for answers 404 to users without a role in the study."""
    study, role = study_for(db, slug, user)
    cached = cache.look(PREVALENCE, study)
    found = cached.found
    texts, workers = (None, None) if found is None else (found.by_submission, found.by_worker)
    page = PrevalencePage(
        frame=study_frame(user, study, role, "prevalence"),
        study=study,
        cached=cached,
        found=found,
        headline=None if texts is None else headline(texts, workers),
        plot=None if found is None else prevalence_plot(found),
        rows=estimate_rows(texts, workers),
        notes=estimator_notes(texts, workers),
        errors=error_rows(texts, workers),
        parts=[] if found is None else part_sections(found.parts),
        crossed=cross_table(() if found is None else found.cross),
        unjudged=unjudged_rows({} if found is None else found.unjudged),
        may_score=role != Role.VIEWER,
        alike=likeness_rows(None if found is None else found.homogeneity),
        self_reports=self_report_rows(db, study),
        statements=statement_rows(db, study),
    )
    return render.render(page)


def prevalence_plot(found: StudyPrevalence) -> ForestPlot | None:
    """All estimators in one picture; None without an analysed submission."""
    if found.by_submission is None:
        return None
    lines = estimator_lines(found.by_submission, found.by_worker)
    return forest_plot("estimates", "Estimates of the share written by language models", lines)
