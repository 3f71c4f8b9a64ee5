"""Joint prevalence: choose several studies, and estimate them together."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from fastapi.responses import Response

from keytrail.errors import BadRequest
from keytrail.requester.frame import Frame, Link, frame
from keytrail.requester.people.access import CurrentUser, study_for
from keytrail.requester.synthetic.cached_figures import CurrentFigureCache
from keytrail.requester.synthetic.estimate_rows import ErrorRow, EstimateRow, error_rows, estimate_rows
from keytrail.requester.synthetic.estimators import EstimatorNote, estimator_lines, estimator_notes
from keytrail.requester.synthetic.forest import ForestLine, ForestPlot, forest_plot
from keytrail.requester.synthetic.headline import Headline, headline
from keytrail.studies import memberships
from keytrail.synthetic.prevalence.cache import JOINT, CachedFigures
from keytrail.synthetic.prevalence.joint import JointPrevalence, several
from keytrail.web.pages import CurrentPages
from keytrail.web.services import ReadSession

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class StudyChoice:
    """A study that can be included."""

    slug: str
    title: str
    chosen: bool


@dataclass(frozen=True)
class JointPage:
    """The studies to choose from; `cached` is None until two are chosen, and `problem` says so.

    `found` is None also before the first computation.
    """

    template: ClassVar[str] = "requester/synthetic/joint.html"

    frame: Frame
    choices: Sequence[StudyChoice]
    problem: str
    again: str
    """The address of this page with the chosen studies."""
    cached: CachedFigures[JointPrevalence] | None
    found: JointPrevalence | None
    headline: Headline | None
    plot: ForestPlot | None
    rows: Sequence[EstimateRow]
    notes: Sequence[EstimatorNote]
    errors: Sequence[ErrorRow]


@router.get("/prevalence")
def show_joint_prevalence(
    user: CurrentUser,
    db: ReadSession,
    cache: CurrentFigureCache,
    render: CurrentPages,
    study: Annotated[Sequence[str], Query()] = (),
) -> Response:
    """Security: study_for answers 404 for a study in which the user has no role."""
    chosen = [study_for(db, slug, user)[0] for slug in study]
    cached, problem = None, ""
    try:
        cached = cache.look(JOINT, *several(chosen))
    except BadRequest as error:
        problem = error.message if chosen else ""
    found = None if cached is None else cached.found
    texts, workers = (None, None) if found is None else (found.by_submission, found.by_worker)
    page = JointPage(
        frame=frame(user, Link("Several studies together", "", current=True)),
        choices=[StudyChoice(one.slug, one.title, one.slug in study) for one, _ in memberships(db, user)],
        problem=problem,
        again=f"/prevalence?{urlencode([('study', slug) for slug in study])}",
        cached=cached,
        found=found,
        headline=None if texts is None else headline(texts, workers),
        plot=None if found is None else joint_plot(found),
        rows=estimate_rows(texts, workers),
        notes=estimator_notes(texts, workers),
        errors=error_rows(texts, workers),
    )
    return render.render(page)


def joint_plot(found: JointPrevalence) -> ForestPlot | None:
    """All estimators over the studies together, then log and text together for each study."""
    texts, workers = found.by_submission, found.by_worker
    if texts is None:
        return None
    by_study = {one.name: one for one in workers.two_tests.prevalence} if workers and workers.two_tests else {}
    each = [
        ForestLine(one.name, one, by_study.get(one.name))
        for one in (texts.two_tests.prevalence if texts.two_tests else ())
    ]
    groups = [*estimator_lines(texts, workers), ("Log and text together, each study", each)]
    return forest_plot("estimates", "Estimates over all studies", groups)
