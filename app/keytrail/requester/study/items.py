"""The list of a study's items."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar

from fastapi import APIRouter, Depends, Form
from fastapi.responses import RedirectResponse, Response

from keytrail.models import Role, Study
from keytrail.requester.frame import Frame, study_frame
from keytrail.requester.people.access import CurrentUser, require_owner, same_origin, study_for
from keytrail.review.figures.item_counts import ItemCount, item_counts
from keytrail.studies.editing import remove_item
from keytrail.web.pages import CurrentPages
from keytrail.web.services import Now, ReadSession, WriteSession

router = APIRouter(prefix="/studies/{slug}/items", include_in_schema=False, dependencies=[Depends(same_origin)])


@dataclass(frozen=True)
class ItemsPage:
    """Items with how much of their work is done."""

    template: ClassVar[str] = "requester/study/items.html"

    frame: Frame
    study: Study
    may_edit: bool
    items: Sequence[ItemCount]
    added: int


@router.get("")
def show_items(
    slug: str, user: CurrentUser, db: ReadSession, render: CurrentPages, now: Now, added: int = 0
) -> Response:
    """Security: study_for answers 404 to users without a role in the study."""
    study, role = study_for(db, slug, user)
    page = ItemsPage(
        frame=study_frame(user, study, role, "items"),
        study=study,
        may_edit=role == Role.OWNER,
        items=item_counts(db, study, now),
        added=added,
    )
    return render.render(page)


@router.post("/remove")
def remove(
    slug: str, user: CurrentUser, db: WriteSession, now: Now, key: Annotated[str, Form(max_length=128)] = ""
) -> Response:
    """Security: for owners."""
    study, role = study_for(db, slug, user)
    require_owner(role)
    remove_item(db, study, key, user, now)
    return RedirectResponse(f"/studies/{slug}/items", status_code=303)
