"""An item's page: show its text and fields, change it before it is used, and restore a removed one."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from fastapi import APIRouter, Depends, Form
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from keytrail.errors import BadRequest, Conflict, NotFound
from keytrail.models import Item, RemovalKind, Role, Study, User
from keytrail.requester.addresses import number
from keytrail.requester.frame import Frame, Link, study_frame
from keytrail.requester.people.access import CurrentUser, require_owner, same_origin, study_for
from keytrail.studies.item_editing import edit_item, is_used, item_of, reference_count, restore_item
from keytrail.users.removals import removal_of
from keytrail.web.pages import CurrentPages
from keytrail.web.services import Now, ReadSession, WriteSession

router = APIRouter(prefix="/studies/{slug}/items", include_in_schema=False, dependencies=[Depends(same_origin)])

_MOST_TEXT = 1_000_000


@dataclass(frozen=True)
class ItemPage:
    """`title` and `text` are the form's values. `references` would be removed when the text changes."""

    template: ClassVar[str] = "requester/study/item.html"

    frame: Frame
    study: Study
    item: Item
    title: str
    text: str
    used: bool
    may_edit: bool
    references: int
    saved: bool
    problem: str


@router.get("/{item_number}")
def show_item(
    slug: str, item_number: str, user: CurrentUser, db: ReadSession, render: CurrentPages, saved: str = ""
) -> Response:
    """Security: study_for answers 404 to whoever has no role in the study."""
    study, role = study_for(db, slug, user)
    return render.render(_page(db, study, role, user, _item(db, study, item_number), saved=bool(saved)))


@router.post("/{item_number}")
def save_item(
    slug: str,
    item_number: str,
    user: CurrentUser,
    db: WriteSession,
    now: Now,
    render: CurrentPages,
    title: Annotated[str, Form(max_length=2000)] = "",
    text: Annotated[str, Form(max_length=_MOST_TEXT)] = "",
) -> Response:
    """Security: for owners."""
    study, role = study_for(db, slug, user)
    require_owner(role)
    item = _item(db, study, item_number)
    try:
        edit_item(db, item, title, text, user, now)
    except (BadRequest, Conflict) as problem:
        page = _page(db, study, role, user, item, title=title, text=text, problem=problem.message)
        return render.render(page, status=problem.status)
    return RedirectResponse(f"/studies/{slug}/items/{item.id}?saved=1", status_code=303)


@router.post("/removals/{removal_number}/restore")
def restore(slug: str, removal_number: str, user: CurrentUser, db: WriteSession, now: Now) -> Response:
    """Undo the removal of an item. Security: for owners."""
    study, role = study_for(db, slug, user)
    require_owner(role)
    removal = removal_of(db, study, RemovalKind.ITEM, number(removal_number, "The removal") or 0, now)
    restore_item(db, study, removal, user, now)
    return RedirectResponse(f"/studies/{slug}/items?restored=1", status_code=303)


def _item(db: Session, study: Study, written: str) -> Item:
    if not (written.isascii() and written.isdigit()):
        raise NotFound("There is no such item in this study. It may have been removed.")
    return item_of(db, study, number(written) or 0)


def _page(
    db: Session,
    study: Study,
    role: Role,
    user: User,
    item: Item,
    *,
    title: str | None = None,
    text: str | None = None,
    saved: bool = False,
    problem: str = "",
) -> ItemPage:
    return ItemPage(
        frame=study_frame(user, study, role, "items", Link(item.title or item.key, "", current=True)),
        study=study,
        item=item,
        title=item.title if title is None else title,
        text=item.text if text is None else text,
        used=is_used(db, item),
        may_edit=role == Role.OWNER,
        references=reference_count(db, item),
        saved=saved,
        problem=problem,
    )
