"""The archive: a list of archived studies."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from fastapi import APIRouter
from fastapi.responses import Response

from keytrail.models import Role, Study
from keytrail.requester.frame import Frame, Link, frame
from keytrail.requester.people.access import CurrentUser
from keytrail.studies import memberships
from keytrail.web.pages import CurrentPages
from keytrail.web.services import ReadSession

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class ArchivePage:
    """Archived studies, newest first, with the user's role."""

    template: ClassVar[str] = "requester/study/archive.html"

    frame: Frame
    studies: Sequence[tuple[Study, Role]]


@router.get("/archive")
def show_archive(user: CurrentUser, db: ReadSession, render: CurrentPages) -> Response:
    """Show the archived studies in which the user has a role."""
    page = ArchivePage(
        frame=frame(user, Link("Archived studies", "", current=True)), studies=memberships(db, user, archived=True)
    )
    return render.render(page)
