"""The list of a study's workers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from fastapi.responses import Response
from sqlalchemy.orm import Session

from keytrail.models import Role, Study, User
from keytrail.platforms.money import money
from keytrail.requester.addresses import number
from keytrail.requester.frame import Frame, Link, study_frame
from keytrail.requester.people.access import CurrentUser, study_for
from keytrail.review.figures.spending import paid_to
from keytrail.review.figures.workers import WorkerFigures, WorkerOrder, excluded_workers, list_workers
from keytrail.web.pages import CurrentPages
from keytrail.web.services import ReadSession

router = APIRouter(prefix="/studies/{slug}/workers", include_in_schema=False)

_PER_PAGE = 50
_ORDERS = {
    WorkerOrder.FLAGGED: "most flagged",
    WorkerOrder.BUSY: "most submissions",
    WorkerOrder.NEWEST: "newest",
}


@dataclass(frozen=True)
class WorkerRow:
    """One worker of the list. `kept_out` is shown to owners only, because it concerns their other studies too."""

    figures: WorkerFigures
    paid: str
    excluded: bool


@dataclass(frozen=True)
class WorkersPage:
    """A page of workers in one of three orders; `name` is what their names begin with, empty for all.

    `erased`: one has just been erased.
    """

    template: ClassVar[str] = "requester/workers/listing.html"

    frame: Frame
    study: Study
    orders: Sequence[Link]
    order: str
    name: str
    workers: Sequence[WorkerRow]
    next_url: str | None
    first_url: str | None
    erased: bool


@router.get("")
def show_workers(
    slug: str,
    user: CurrentUser,
    db: ReadSession,
    render: CurrentPages,
    order: str = "",
    cursor: str = "",
    name: Annotated[str, Query(max_length=32)] = "",
    erased: str = "",
) -> Response:
    """Security: study_for answers 404 to users without a role in the study."""
    study, role = study_for(db, slug, user)
    chosen = WorkerOrder(order) if order in set(WorkerOrder) else WorkerOrder.FLAGGED
    offset = number(cursor) or 0
    workers, more = list_workers(db, study, chosen, _PER_PAGE, offset, name.strip())

    def address(**marks: str | int) -> str:
        return f"/studies/{slug}/workers?{urlencode({'order': chosen, **({'name': name} if name else {}), **marks})}"

    page = WorkersPage(
        frame=study_frame(user, study, role, "workers"),
        study=study,
        orders=[Link(label, address(order=key), key == chosen) for key, label in _ORDERS.items()],
        order=chosen,
        name=name,
        workers=_rows(db, study, workers, user if role == Role.OWNER else None),
        next_url=address(cursor=offset + _PER_PAGE) if more else None,
        first_url=address() if offset else None,
        erased=bool(erased),
    )
    return render.render(page)


def _rows(db: Session, study: Study, workers: Sequence[WorkerFigures], owner: User | None) -> Sequence[WorkerRow]:
    ids = [worker.id for worker in workers]
    paid = paid_to(db, ids)
    out = excluded_workers(db, ids, owner) if owner else frozenset()
    return [
        WorkerRow(worker, money(paid.get(worker.id, 0), study.currency), excluded=worker.id in out)
        for worker in workers
    ]
