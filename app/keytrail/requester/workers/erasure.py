"""Erasure of a worker: a page that lists what is deleted, and a confirmation that must be typed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar

from fastapi import APIRouter, Depends, Form
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from keytrail.errors import BadRequest, Conflict, NotFound
from keytrail.models import Role, Study, User, Worker
from keytrail.platform_actions.exclusions import EarlierStudy
from keytrail.requester.frame import Frame, Link, study_frame
from keytrail.requester.people.access import CurrentUser, same_origin
from keytrail.requester.study.manage import owned_study
from keytrail.review.retention.erasure import Stored, erase_worker, owned_records, owned_studies, stored_of
from keytrail.web.pages import CurrentPages
from keytrail.web.services import Now, ReadSession, WriteSession

router = APIRouter(
    prefix="/studies/{slug}/workers/{pseudonym}/erase",
    include_in_schema=False,
    dependencies=[Depends(same_origin)],
)


@dataclass(frozen=True)
class ErasurePage:
    """`others` are the user's own further studies in which the same person took part."""

    template: ClassVar[str] = "requester/workers/erasure.html"

    frame: Frame
    study: Study
    pseudonym: str
    stored: Stored
    others: Sequence[EarlierStudy]
    problem: str


@router.get("")
def show_erasure(slug: str, pseudonym: str, user: CurrentUser, db: ReadSession, render: CurrentPages) -> Response:
    """Show what would be deleted. Security: for owners. Changes nothing."""
    study = owned_study(db, slug, user)
    return render.render(_page(db, study, _worker(db, study, pseudonym), user, problem=""))


@router.post("")
def erase(
    slug: str,
    pseudonym: str,
    user: CurrentUser,
    db: WriteSession,
    now: Now,
    render: CurrentPages,
    confirm: Annotated[str, Form(max_length=64)] = "",
    everywhere: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    """Erase the worker. Security: for owners; `everywhere` means the user's own studies."""
    study = owned_study(db, slug, user)
    worker = _worker(db, study, pseudonym)
    if confirm.strip() != worker.pseudonym:
        problem = f"Nothing was erased. Type “{worker.pseudonym}” to confirm."
        return render.render(_page(db, study, worker, user, problem=problem), status=BadRequest.status)
    try:
        erase_worker(db, owned_records(db, worker, user) if everywhere else [worker.id], now, by=user)
    except Conflict as conflict:
        return render.render(_page(db, study, worker, user, problem=conflict.message), status=conflict.status)
    return RedirectResponse(f"/studies/{slug}/workers?erased=1", status_code=303)


def _worker(db: Session, study: Study, pseudonym: str) -> Worker:
    worker = db.scalar(select(Worker).where(Worker.study_id == study.id, Worker.pseudonym == pseudonym))
    if worker is None:
        raise NotFound("There is no such worker in this study. They may have been erased.")
    return worker


def _page(db: Session, study: Study, worker: Worker, user: User, problem: str) -> ErasurePage:
    name = worker.pseudonym
    trail = Link(f"Worker {name}", f"/studies/{study.slug}/workers/{name}"), Link("Erase", "", current=True)
    return ErasurePage(
        frame=study_frame(user, study, Role.OWNER, "workers", *trail),
        study=study,
        pseudonym=name,
        stored=stored_of(db, [worker.id]),
        others=owned_studies(db, worker, user),
        problem=problem,
    )
