"""The page of a worker's queue: accepted HITs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from fastapi import APIRouter
from sqlalchemy import select
from starlette.responses import HTMLResponse

from keytrail.sandbox.market.money import to_dollars
from keytrail.sandbox.site.context import CurrentContext
from keytrail.sandbox.site.render import Page
from keytrail.sandbox.site.visitor import Bar, CurrentVisitor, bar
from keytrail.sandbox.site.wording import span
from keytrail.sandbox.tables import Assignment, AssignmentStatus, Hit, HitType

router = APIRouter()


@dataclass(frozen=True)
class QueueRow:
    """An assignment in work."""

    url: str
    title: str
    reward: str
    deadline: str
    time_left: str


@dataclass(frozen=True)
class QueuePage(Page):
    """What the worker has accepted and not finished, the most urgent first."""

    template: ClassVar[str] = "queue.html"
    bar: Bar
    rows: Sequence[QueueRow]


@router.get("/queue")
def queue(context: CurrentContext, visitor: CurrentVisitor) -> HTMLResponse:
    """Show accepted work."""
    with context.work() as work:
        worker = visitor.require_worker(work)
        rows = work.db.execute(
            select(Assignment, HitType)
            .join(Hit, Hit.id == Assignment.hit_id)
            .join(HitType, HitType.id == Hit.type_id)
            .where(Assignment.worker_id == worker.id, Assignment.status == AssignmentStatus.ACCEPTED)
            .order_by(Assignment.deadline)
        )
        page = QueuePage(
            bar=bar(work, worker, "queue"),
            rows=[
                QueueRow(
                    url=f"/work/{assignment.id}",
                    title=kind.title,
                    reward=to_dollars(kind.reward_cents),
                    deadline=assignment.deadline.isoformat(),
                    time_left=span(assignment.deadline - work.now),
                )
                for assignment, kind in rows
            ],
        )
    return context.pages.show(page)
