"""The list of a study's workers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar

from fastapi import APIRouter, Query
from fastapi.responses import Response
from sqlalchemy.orm import Session

from keytrail.models import Role, Study, User
from keytrail.platforms.money import money
from keytrail.requester.addresses import number, with_query
from keytrail.requester.frame import Frame, study_frame
from keytrail.requester.people.access import CurrentUser, study_for
from keytrail.requester.sorting import SortLink, chosen_order, sort_links
from keytrail.review.figures.spending import paid_to
from keytrail.review.figures.worker_orders import WORKER_ORDERS
from keytrail.review.figures.workers import WorkerFigures, excluded_workers, list_workers
from keytrail.web.pages import CurrentPages
from keytrail.web.services import ReadSession

router = APIRouter(prefix="/studies/{slug}/workers", include_in_schema=False)

_PER_PAGE = 50


@dataclass(frozen=True)
class WorkerRow:
    """One worker of the list. `excluded` is shown to owners only, because it concerns their other studies too."""

    figures: WorkerFigures
    paid: str
    excluded: bool


@dataclass(frozen=True)
class WorkersPage:
    """A page of workers, sorted by one of `columns`; `name` is what their names begin with, empty for all.

    `erased`: one has just been erased.
    """

    template: ClassVar[str] = "requester/workers/listing.html"

    frame: Frame
    study: Study
    columns: Mapping[str, SortLink]
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
    chosen = chosen_order(order, WORKER_ORDERS)
    offset = number(cursor) or 0
    workers, more = list_workers(db, study, chosen, _PER_PAGE, offset, name.strip())

    def address(**marks: str | int) -> str:
        return with_query(f"/studies/{slug}/workers", {"name": name, "order": chosen, **marks})

    page = WorkersPage(
        frame=study_frame(user, study, role, "workers"),
        study=study,
        columns=sort_links(WORKER_ORDERS, chosen, lambda order: address(order=order)) if more or offset else {},
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
