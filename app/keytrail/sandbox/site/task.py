"""The task page: a HIT in its frame, previewed or in work."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar
from urllib.parse import urlencode

from fastapi import APIRouter, Depends
from starlette.responses import HTMLResponse, RedirectResponse

from keytrail.errors import Forbidden, NotFound
from keytrail.sandbox.frame import Visit, origin_of, task_address
from keytrail.sandbox.market.browsing import type_names
from keytrail.sandbox.market.eligibility import STRANGER, access, eligibility_of
from keytrail.sandbox.market.money import to_dollars
from keytrail.sandbox.market.question import ExternalQuestion, parse_question
from keytrail.sandbox.market.work import accept, give_back, own_assignment, require_in_work
from keytrail.sandbox.site.content import SANDBOX
from keytrail.sandbox.site.context import CurrentContext, SandboxContext
from keytrail.sandbox.site.render import Page
from keytrail.sandbox.site.visitor import Bar, CurrentVisitor, bar, require_same_origin
from keytrail.sandbox.site.wording import in_words, span
from keytrail.sandbox.tables import Hit

router = APIRouter()
_guarded = APIRouter(dependencies=[Depends(require_same_origin)])


@dataclass(frozen=True)
class TaskFrame:
    """The contents of the iframe; `height` in pixels, 0 fills the window.

    `origin` is None for a requester's page without one, and only such a page needs a `sandbox`.
    """

    url: str
    height: int
    origin: str | None
    sandbox: str | None
    title: str
    reward: str
    time_allowed: str


@dataclass(frozen=True)
class PreviewPage(Page):
    """A HIT that is not accepted; `unmet` says why it cannot be."""

    template: ClassVar[str] = "preview.html"
    bar: Bar
    frame: TaskFrame
    hit_id: str
    skip_url: str
    may_accept: bool
    unmet: Sequence[str]


@dataclass(frozen=True)
class WorkPage(Page):
    """A HIT in work; `deadline` as ISO 8601 for the countdown."""

    template: ClassVar[str] = "work.html"
    bar: Bar
    frame: TaskFrame
    assignment_id: str
    deadline: str
    time_left: str


@router.get("/hits/{hit_id}")
def preview(context: CurrentContext, visitor: CurrentVisitor, hit_id: str) -> HTMLResponse:
    """Show the HIT without an assignment. Raises Forbidden where a requirement guards the preview."""
    with context.work() as work:
        hit = _hit(work.db.get(Hit, hit_id))
        worker = visitor.worker(work)
        eligibility = eligibility_of(work.db, worker) if worker else STRANGER
        allowed = access(hit.type.requirements, eligibility)
        if not allowed.preview or not allowed.discover:
            raise Forbidden("You do not meet the requirements for seeing this HIT.")
        names = type_names(work.db, hit.type.requirements)
        page = PreviewPage(
            bar=bar(work, worker, "hits"),
            frame=_frame(context, hit, Visit(hit_id=hit.id)),
            hit_id=hit.id,
            skip_url=f"/groups/{hit.type.group_id}?{urlencode({'after': hit.id})}",
            may_accept=worker is None or allowed.accept,
            unmet=[in_words(requirement, names) for requirement in allowed.unmet],
        )
    return _show(context, page, page.frame)


@_guarded.post("/hits/{hit_id}/accept")
def accept_hit(context: CurrentContext, visitor: CurrentVisitor, hit_id: str) -> RedirectResponse:
    """Accept the HIT and redirect to the task."""
    with context.work() as work:
        worker = visitor.require_worker(work)
        assignment = accept(work.db, _hit(work.db.get(Hit, hit_id)), worker, work.now)
        where = f"/work/{assignment.id}"
    return RedirectResponse(where, status_code=303)


@router.get("/work/{assignment_id}")
def do_work(context: CurrentContext, visitor: CurrentVisitor, assignment_id: str) -> HTMLResponse:
    """Show the accepted task; opening it from the queue shows the same assignment."""
    with context.work() as work:
        worker = visitor.require_worker(work)
        assignment = own_assignment(work.db, assignment_id, worker)
        require_in_work(assignment)
        hit = _hit(work.db.get(Hit, assignment.hit_id))
        visit = Visit(hit_id=hit.id, assignment_id=assignment.id, worker_id=worker.id)
        page = WorkPage(
            bar=bar(work, worker, "queue"),
            frame=_frame(context, hit, visit),
            assignment_id=assignment.id,
            deadline=assignment.deadline.isoformat(),
            time_left=span(assignment.deadline - work.now),
        )
    return _show(context, page, page.frame)


@_guarded.post("/work/{assignment_id}/return")
def return_hit(context: CurrentContext, visitor: CurrentVisitor, assignment_id: str) -> RedirectResponse:
    """Return the HIT."""
    with context.work() as work:
        assignment = own_assignment(work.db, assignment_id, visitor.require_worker(work))
        give_back(work.db, _hit(work.db.get(Hit, assignment.hit_id)), assignment, work.now)
    return RedirectResponse("/queue", status_code=303)


def _hit(hit: Hit | None) -> Hit:
    if hit is None:
        raise NotFound("There is no HIT of this id.")
    return hit


def _frame(context: SandboxContext, hit: Hit, visit: Visit) -> TaskFrame:
    question = parse_question(hit.question)
    content = context.config.content
    external = isinstance(question, ExternalQuestion)
    url = question.url if isinstance(question, ExternalQuestion) else f"{content or ''}/content/{hit.id}"
    return TaskFrame(
        url=task_address(url, visit, context.config.public_origin),
        height=question.frame_height,
        origin=origin_of(url) if external else content,
        sandbox=SANDBOX if content is None and not external else None,
        title=hit.type.title,
        reward=to_dollars(hit.type.reward_cents),
        time_allowed=span(timedelta(seconds=hit.type.duration_s)),
    )


def _show(context: SandboxContext, page: Page, frame: TaskFrame) -> HTMLResponse:
    return context.pages.show(page, frames=[] if frame.origin is None else [frame.origin])


router.include_router(_guarded)
