"""A draft's checklist, a look at the task and trials of it as workers see it, and publishing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from keytrail.errors import Conflict
from keytrail.models import Role, Study, User
from keytrail.platforms import platform_of
from keytrail.platforms.registry import platform_class
from keytrail.requester.frame import Frame, study_frame
from keytrail.requester.people.access import CurrentUser, require_owner, same_origin, study_for
from keytrail.requester.study.editing import task_preview
from keytrail.studies.publishing import ChecklistPoint, checklist, publish_study
from keytrail.studies.trials import TrialLine, delete_trial, start_trial, trials_of
from keytrail.web.pages import CurrentPages
from keytrail.web.services import Now, ReadSession, WriteSession

router = APIRouter(prefix="/studies/{slug}/checklist", include_in_schema=False, dependencies=[Depends(same_origin)])


@dataclass(frozen=True)
class ChecklistPage:
    """What a draft still needs. `ready`: nothing that is required is missing."""

    template: ClassVar[str] = "requester/study/checklist.html"

    frame: Frame
    study: Study
    platform: str
    after_publishing: str
    points: Sequence[ChecklistPoint]
    trials: Sequence[TrialLine]
    ready: bool
    problem: str


@router.get("")
def show_checklist(slug: str, user: CurrentUser, db: ReadSession, render: CurrentPages) -> Response:
    """Security: for owners."""
    study, role = study_for(db, slug, user)
    require_owner(role)
    return render.render(_page(db, study, user))


@router.get("/task")
def show_task(slug: str, user: CurrentUser, db: ReadSession, render: CurrentPages) -> Response:
    """The task page with the first item, as a worker sees it before accepting. Stores nothing. Security: for owners."""
    study, role = study_for(db, slug, user)
    require_owner(role)
    return render.render(task_preview(db, study, study))


@router.post("/trials")
def begin_trial(slug: str, user: CurrentUser, db: WriteSession, now: Now, render: CurrentPages) -> Response:
    """Start a trial and open its task page. Security: for owners."""
    study, role = study_for(db, slug, user)
    require_owner(role)
    try:
        trial = start_trial(db, study, now)
    except Conflict as problem:
        return render.render(_page(db, study, user, problem.message), status=problem.status)
    ids = platform_of(trial.platform, trial.platform_options).fresh_ids()
    return RedirectResponse(f"/task/{trial.slug}?{urlencode(ids)}", status_code=303)


@router.post("/trials/{trial}/deletion")
def remove_trial(slug: str, trial: str, user: CurrentUser, db: WriteSession) -> Response:
    """Delete a trial with all that was recorded. Security: for owners."""
    study, role = study_for(db, slug, user)
    require_owner(role)
    delete_trial(db, study, trial)
    return RedirectResponse(f"/studies/{slug}/checklist#trials", status_code=303)


@router.post("/publication")
def publish(
    slug: str,
    user: CurrentUser,
    db: WriteSession,
    now: Now,
    render: CurrentPages,
    confirmed: Annotated[list[str], Form(max_length=16)] = [],  # noqa: B006  # FastAPI copies it
) -> Response:
    """Let workers in. Security: for owners."""
    study, role = study_for(db, slug, user)
    require_owner(role)
    try:
        publish_study(db, study, user, now, confirmed)
    except Conflict as problem:
        return render.render(_page(db, study, user, problem.message), status=problem.status)
    notice = "study_opened" if platform_class(study.platform).has_task_per_item else "study_published"
    return RedirectResponse(f"/studies/{slug}/platform?notice={notice}", status_code=303)


def _page(db: Session, study: Study, user: User, problem: str = "") -> ChecklistPage:
    points = checklist(db, study)
    platform = platform_class(study.platform)
    return ChecklistPage(
        frame=study_frame(user, study, Role.OWNER, "checklist"),
        study=study,
        platform=platform.label,
        after_publishing=platform.after_publishing.format(platform.label),
        points=points,
        trials=trials_of(db, study),
        ready=all(point.done or not point.required for point in points),
        problem=problem,
    )
