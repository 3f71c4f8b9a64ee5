"""The list of a study's items."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar

from fastapi import APIRouter, Depends, Form, Query
from fastapi.responses import JSONResponse, RedirectResponse, Response
from sqlalchemy import func, select

from keytrail.models import Item, Removal, RemovalKind, Role, Study
from keytrail.requester.addresses import number, with_query
from keytrail.requester.frame import Frame, study_frame
from keytrail.requester.people.access import CurrentUser, require_owner, same_origin, study_for
from keytrail.requester.sorting import SortLink, chosen_order, sort_links, unless_first
from keytrail.review.figures.item_counts import ITEM_ORDERS, ItemCount, item_counts, matching_items, suggested_items
from keytrail.studies.item_editing import remove_item
from keytrail.users.removals import UNDO_DAYS, removals_of
from keytrail.web.pages import CurrentPages
from keytrail.web.services import Now, ReadSession, WriteSession

router = APIRouter(prefix="/studies/{slug}/items", include_in_schema=False, dependencies=[Depends(same_origin)])

_PER_PAGE = 100
_SUGGESTED = 20


@dataclass(frozen=True)
class ItemsPage:
    """A page of items with how much of their work is done; `words` are what their id or title holds.

    `columns` are the headers that sort it, if there are several pages; `removed` are items that an owner can restore.
    """

    template: ClassVar[str] = "requester/study/items.html"

    frame: Frame
    study: Study
    may_edit: bool
    items: Sequence[ItemCount]
    columns: Mapping[str, SortLink]
    order: str
    added: int
    restored: bool
    removed: Sequence[Removal]
    undo_days: int
    words: str
    total: int
    next_url: str | None
    first_url: str | None


@router.get("")
def show_items(
    slug: str,
    user: CurrentUser,
    db: ReadSession,
    render: CurrentPages,
    now: Now,
    added: int = 0,
    restored: str = "",
    cursor: str = "",
    order: str = "",
    words: Annotated[str, Query(max_length=100)] = "",
) -> Response:
    """Security: study_for answers 404 to users without a role in the study."""
    study, role = study_for(db, slug, user)
    words, offset, chosen = words.strip(), number(cursor) or 0, chosen_order(order, ITEM_ORDERS)
    items, following = item_counts(db, study, now, words, chosen, (offset, _PER_PAGE))

    def address(order: str, **marks: int) -> str:
        named = {"words": words, "order": unless_first(order, ITEM_ORDERS), **marks}
        return with_query(f"/studies/{slug}/items", named)

    page = ItemsPage(
        frame=study_frame(user, study, role, "items"),
        study=study,
        may_edit=role == Role.OWNER,
        items=items,
        columns=sort_links(ITEM_ORDERS, chosen, address) if offset or following is not None else {},
        order=chosen,
        added=added,
        restored=bool(restored),
        removed=removals_of(db, study, RemovalKind.ITEM, now) if role == Role.OWNER else (),
        undo_days=UNDO_DAYS,
        words=words,
        total=db.scalar(matching_items(select(func.count(Item.id)), study.id, words)) or 0,
        next_url=None if following is None else address(chosen, cursor=following),
        first_url=address(chosen) if offset else None,
    )
    return render.render(page)


@router.get("/suggestions")
def suggest_items(
    slug: str, user: CurrentUser, db: ReadSession, words: Annotated[str, Query(max_length=100)] = ""
) -> Response:
    """The first few items that fit, for filters. Security: study_for answers 404 to outsiders."""
    study, _ = study_for(db, slug, user)
    found = suggested_items(db, study.id, words.strip(), _SUGGESTED)
    return JSONResponse([{"value": key, "label": title or key} for key, title in found])


@router.post("/remove")
def remove(
    slug: str, user: CurrentUser, db: WriteSession, now: Now, key: Annotated[str, Form(max_length=128)] = ""
) -> Response:
    """Security: for owners."""
    study, role = study_for(db, slug, user)
    require_owner(role)
    remove_item(db, study, key, user, now)
    return RedirectResponse(f"/studies/{slug}/items", status_code=303)
