"""Try out a task in a frame, without an account."""

from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import HTMLResponse

from keytrail.errors import NotFound
from keytrail.sandbox.frame import PREVIEW_ASSIGNMENT, Visit, origin_of, sane_id, task_address
from keytrail.sandbox.site.context import CurrentContext
from keytrail.sandbox.site.render import Page
from keytrail.sandbox.trials import TrialTask, start_trial, trial_hit

router = APIRouter()


@dataclass(frozen=True)
class TryPage(Page):
    """A slim bar and the task; the links are None in a preview, which has no worker."""

    template: ClassVar[str] = "try.html"
    slug: str
    frame_url: str
    worker_id: str | None
    new_worker_url: str
    preview_url: str
    same_worker_url: str | None
    same_assignment_url: str | None


@router.get("/try/{slug}")
def try_task(
    context: CurrentContext,
    slug: str,
    workerId: str | None = None,  # noqa: N803 - the marketplace's parameter names
    assignmentId: str | None = None,  # noqa: N803 - same
    hitId: str | None = None,  # noqa: N803 - same
) -> HTMLResponse:
    """Show the task in a frame without an account: each load is a new worker unless the query names one."""
    url = context.config.try_urls.get(slug)
    if url is None:
        raise NotFound("There is no task of this name to try.")
    if assignmentId == PREVIEW_ASSIGNMENT:
        visit = Visit(hit_id=sane_id(hitId) or trial_hit(slug))
    else:
        with context.work() as work:
            visit = start_trial(
                work.db,
                TrialTask(slug, url),
                work.now,
                worker_id=sane_id(workerId),
                assignment_id=sane_id(assignmentId),
                hit_id=sane_id(hitId),
            )
    page = _page(slug, visit, task_address(url, visit, context.config.public_origin))
    return context.pages.show(page, frames=[origin_of(url)])


def _page(slug: str, visit: Visit, frame_url: str) -> TryPage:
    def link(**parameters: str) -> str:
        return "?".join(filter(None, [f"/try/{slug}", urlencode(parameters)]))

    same_worker = same_assignment = None
    if visit.worker_id is not None:
        same_worker = link(workerId=visit.worker_id, hitId=visit.hit_id)
        same_assignment = link(workerId=visit.worker_id, assignmentId=visit.assignment_id, hitId=visit.hit_id)
    return TryPage(
        slug=slug,
        frame_url=frame_url,
        worker_id=visit.worker_id,
        new_worker_url=link(),
        preview_url=link(assignmentId=PREVIEW_ASSIGNMENT),
        same_worker_url=same_worker,
        same_assignment_url=same_assignment,
    )
