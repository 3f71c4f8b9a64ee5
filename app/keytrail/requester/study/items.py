"""A study's items: what there is, and adding more from a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar

from fastapi import APIRouter, Depends, Form, UploadFile
from fastapi.responses import RedirectResponse, Response

from keytrail.errors import ImportFailed, TooLarge
from keytrail.models import Role, Study
from keytrail.requester.frame import Frame, study_frame
from keytrail.requester.people.access import CurrentUser, owning, same_origin, study_for
from keytrail.review.figures.item_counts import ItemCount, item_counts
from keytrail.studies import add_items
from keytrail.studies.editing import remove_item
from keytrail.studies.items import parse_items
from keytrail.web.pages import CurrentPages
from keytrail.web.services import Now, ReadSession, WriteSession

router = APIRouter(prefix="/studies/{slug}/items", include_in_schema=False, dependencies=[Depends(same_origin)])

_MOST_BYTES = 20_000_000
_JSON_LINES = (".jsonl", ".ndjson", ".json")
_SHOWN_PROBLEMS = 100


@dataclass(frozen=True)
class ItemsPage:
    """Items with how much of their work is done; `problems` are those of a file that was refused as a whole."""

    template: ClassVar[str] = "requester/study/items.html"

    frame: Frame
    study: Study
    may_edit: bool
    items: Sequence[ItemCount]
    added: int
    problem: str
    problems: Sequence[str]
    more_problems: int


@router.get("")
def show_items(
    slug: str, user: CurrentUser, db: ReadSession, render: CurrentPages, now: Now, added: int = 0
) -> Response:
    """Security: study_for answers 404 to whoever has no role in the study."""
    study, role = study_for(db, slug, user)
    page = ItemsPage(
        frame=study_frame(user, study, role, "items"),
        study=study,
        may_edit=role == Role.OWNER,
        items=item_counts(db, study, now),
        added=added,
        problem="",
        problems=(),
        more_problems=0,
    )
    return render.render(page)


@router.post("")
def upload_items(
    slug: str, file: UploadFile, user: CurrentUser, db: WriteSession, render: CurrentPages, now: Now
) -> Response:
    """Security: for owners. All rows are added, or none."""
    study, role = study_for(db, slug, user)
    owning(role)
    try:
        name = file.filename or "the file"
        rows = parse_items(_content(file, name), jsonl=name.lower().endswith(_JSON_LINES), name=name)
        added = add_items(db, study, rows)
    except ImportFailed as error:
        page = ItemsPage(
            frame=study_frame(user, study, role, "items"),
            study=study,
            may_edit=True,
            items=item_counts(db, study, now),
            added=0,
            problem=error.message,
            problems=error.problems[:_SHOWN_PROBLEMS],
            more_problems=max(0, len(error.problems) - _SHOWN_PROBLEMS),
        )
        return render.render(page, status=error.status)
    return RedirectResponse(f"/studies/{slug}/items?added={added}", status_code=303)


@router.post("/remove")
def remove(
    slug: str, user: CurrentUser, db: WriteSession, now: Now, key: Annotated[str, Form(max_length=128)] = ""
) -> Response:
    """Security: for owners."""
    study, role = study_for(db, slug, user)
    owning(role)
    remove_item(db, study, key, user, now)
    return RedirectResponse(f"/studies/{slug}/items", status_code=303)


def _content(file: UploadFile, name: str) -> str:
    raw = file.file.read(_MOST_BYTES + 1)
    if len(raw) > _MOST_BYTES:
        raise TooLarge(f"{name} is larger than {_MOST_BYTES // 1_000_000} MB. Split it into several files.")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problem = f"byte {error.start + 1} is not UTF-8"
        raise ImportFailed(f"{name} is not UTF-8 text. Save it as UTF-8 and send it again.", [problem]) from None
