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
from keytrail.requester.synthetic.prevalence import EstimateTable, estimate_row
from keytrail.studies import memberships
from keytrail.synthetic.prevalence.cache import JOINT, CachedFigures
from keytrail.synthetic.prevalence.estimates import joint_rows
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
    """The studies to choose from; `kept` is None until two are chosen, and `problem` says so.

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
    tables: Sequence[EstimateTable]
    assumptions: Sequence[str]


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
    reports = [("By submission", found.by_submission), ("By worker", found.by_worker)] if found else []
    rows = [(title, joint_rows(report)) for title, report in reports if report is not None]
    page = JointPage(
        frame=frame(user, Link("Several studies together", "", current=True)),
        choices=[StudyChoice(one.slug, one.title, one.slug in study) for one, _ in memberships(db, user)],
        problem=problem,
        again=f"/prevalence?{urlencode([('study', slug) for slug in study])}",
        cached=cached,
        found=found,
        tables=[EstimateTable(title, [estimate_row(*row) for row in made]) for title, made in rows],
        assumptions=list(
            dict.fromkeys(assumption for _, made in rows for _, one in made for assumption in one.assumptions)
        ),
    )
    return render.render(page)
