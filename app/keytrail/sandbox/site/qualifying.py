"""The qualifications page: what a worker holds and can request."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from fastapi import APIRouter, Depends
from sqlalchemy import select
from starlette.responses import HTMLResponse, RedirectResponse

from keytrail.sandbox.market.messages import send_message
from keytrail.sandbox.market.qualifications import ask, open_to_requests
from keytrail.sandbox.site.context import CurrentContext
from keytrail.sandbox.site.render import Page
from keytrail.sandbox.site.visitor import Bar, CurrentVisitor, bar, require_same_origin
from keytrail.sandbox.tables import Qualification, QualificationType

router = APIRouter()
_SHOWN = 100


@dataclass(frozen=True)
class QualificationRow:
    """A qualification type that can be requested, or that the worker holds."""

    id: str
    name: str
    description: str
    held: bool
    value: str


@dataclass(frozen=True)
class QualificationsPage(Page):
    """Qualifications held and available."""

    template: ClassVar[str] = "qualifications.html"
    bar: Bar
    rows: Sequence[QualificationRow]


@router.get("/qualifications")
def qualifications(context: CurrentContext, visitor: CurrentVisitor) -> HTMLResponse:
    """Show what the worker holds and what can be requested."""
    with context.work() as work:
        worker = visitor.require_worker(work)
        held = {
            q.type_id: q
            for q in work.db.scalars(
                select(Qualification).where(Qualification.worker_id == worker.id, Qualification.granted)
            )
        }
        kinds = work.db.scalars(
            select(QualificationType).where(*open_to_requests()).order_by(QualificationType.name).limit(_SHOWN)
        )
        rows = [_qualification(kind, held.get(kind.id)) for kind in kinds]
        page = QualificationsPage(bar=bar(work, worker, "qualifications"), rows=rows)
    return context.pages.show(page)


@router.post("/qualifications/{type_id}/ask", dependencies=[Depends(require_same_origin)])
def ask_for(context: CurrentContext, visitor: CurrentVisitor, type_id: str) -> RedirectResponse:
    """Request a qualification; the answer comes to the inbox."""
    with context.work() as work:
        worker = visitor.require_worker(work)
        if not ask(work.db, type_id, worker, work.now):
            send_message(work.db, worker.id, "Your request was passed on", "The requester will answer here.", work.now)
    return RedirectResponse("/qualifications", status_code=303)


def _qualification(kind: QualificationType, held: Qualification | None) -> QualificationRow:
    value = "" if held is None or held.value is None else str(held.value)
    return QualificationRow(
        id=kind.id, name=kind.name, description=kind.description, held=held is not None, value=value
    )
