"""The first page: the studies one may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from fastapi import APIRouter
from fastapi.responses import Response

from app.models import Role, Study
from app.requester.access import CurrentUser
from app.requester.frame import Frame, frame
from app.review.progress import Progress, progress_of
from app.studies import memberships
from app.web.pages import CurrentPages
from app.web.services import ReadSession

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class StudyCard:
    """One study with how far it is."""

    study: Study
    role: Role
    progress: Progress


@dataclass(frozen=True)
class StudiesPage:
    """All studies of the user, newest first."""

    template: ClassVar[str] = "requester/studies.html"

    frame: Frame
    cards: Sequence[StudyCard]


@router.get("/")
def show_studies(user: CurrentUser, db: ReadSession, render: CurrentPages) -> Response:
    """Home."""
    found = memberships(db, user)
    progress = progress_of(db, [study.id for study, _ in found])
    cards = [StudyCard(study, role, progress[study.id]) for study, role in found]
    return render.render(StudiesPage(frame=frame(user), cards=cards))
