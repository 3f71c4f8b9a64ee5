"""Deletion of a study: a page that lists what is deleted, and a confirmation that must be typed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, ClassVar

from fastapi import APIRouter, Depends, Form
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from keytrail.errors import BadRequest, Conflict
from keytrail.models import Role, Study, User
from keytrail.requester.frame import Frame, Link, study_frame
from keytrail.requester.people.access import CurrentUser, same_origin
from keytrail.requester.study.manage import owned_study
from keytrail.review.retention.study_deletion import StudyContents, contents_of, delete_study, obstacles
from keytrail.web.pages import CurrentPages
from keytrail.web.services import Now, ReadSession, WriteSession

router = APIRouter(prefix="/studies/{slug}/delete", include_in_schema=False, dependencies=[Depends(same_origin)])


@dataclass(frozen=True)
class DeletionPage:
    """`obstacles` name what must be ended first."""

    template: ClassVar[str] = "requester/study/deletion.html"

    frame: Frame
    study: Study
    contents: StudyContents
    obstacles: Sequence[str]
    problem: str


@router.get("")
def show_deletion(slug: str, user: CurrentUser, db: ReadSession, now: Now, render: CurrentPages) -> Response:
    """Show what would be deleted. Security: for owners. Changes nothing."""
    return render.render(_page(db, owned_study(db, slug, user), user, now, problem=""))


@router.post("")
def delete(
    slug: str,
    user: CurrentUser,
    db: WriteSession,
    now: Now,
    render: CurrentPages,
    confirm: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Delete the study. Security: for owners, who type the study's address."""
    study = owned_study(db, slug, user)
    try:
        delete_study(db, study, confirm, user, now)
    except (BadRequest, Conflict) as problem:
        return render.render(_page(db, study, user, now, problem=problem.message), status=problem.status)
    return RedirectResponse("/?deleted=1", status_code=303)


def _page(db: Session, study: Study, user: User, now: datetime, problem: str) -> DeletionPage:
    return DeletionPage(
        frame=study_frame(user, study, Role.OWNER, "settings", Link("Delete study", "", current=True)),
        study=study,
        contents=contents_of(db, study),
        obstacles=obstacles(db, study, now),
        problem=problem,
    )
