"""Add items from a file: upload, choose the columns, import."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar

from fastapi import APIRouter, Depends, Form, Query, UploadFile
from fastapi.responses import RedirectResponse, Response

from keytrail.errors import DomainError, ImportFailed, TooLarge
from keytrail.models import Study
from keytrail.requester.frame import Frame, study_frame
from keytrail.requester.people.access import CurrentUser, require_owner, same_origin, study_for
from keytrail.studies import ItemRow, add_items
from keytrail.studies.item_files import (
    LEGACY_ENCODINGS,
    ColumnMapping,
    FileChoices,
    SheetTable,
    guess_mapping,
    rows_of,
)
from keytrail.studies.item_files.columns import checked_mapping
from keytrail.studies.item_uploads import store_upload, stored_upload
from keytrail.studies.items import item_keys
from keytrail.web.pages import CurrentPages
from keytrail.web.services import CurrentServices, Now, WriteSession

router = APIRouter(prefix="/studies/{slug}/items", include_in_schema=False, dependencies=[Depends(same_origin)])

_MAX_BYTES = 20_000_000
_SHOWN_PROBLEMS = 100
_PREVIEWED_ROWS = 5

Choice = Annotated[str, Form(max_length=1000)]
Chosen = Annotated[str, Query(max_length=1000)]


@dataclass(frozen=True)
class UploadRefusedPage:
    """Why a file was refused, with each problem."""

    template: ClassVar[str] = "requester/study/item_upload_refused.html"

    frame: Frame
    study: Study
    problem: str
    problems: Sequence[str]
    more_problems: int
    upload_id: str
    """The stored upload, which can be read in other ways; empty if nothing was stored."""


@dataclass(frozen=True)
class ItemUploadPage:
    """What was recognised in a file, its first rows, and its column mapping.

    `mapping` is None where no column looks like the text; `problems` are those of a refused import.
    """

    template: ClassVar[str] = "requester/study/item_upload.html"

    frame: Frame
    study: Study
    upload_id: str
    table: SheetTable
    encodings: Mapping[str, str]
    preview: Sequence[Sequence[str]]
    mapping: ColumnMapping | None
    further: Sequence[str]
    problem: str
    problems: Sequence[str]
    more_problems: int


@router.post("")
def upload_items(
    slug: str,
    file: UploadFile,
    user: CurrentUser,
    db: WriteSession,
    services: CurrentServices,
    render: CurrentPages,
    now: Now,
) -> Response:
    """Store the file until its columns are chosen; nothing is added yet. Security: for owners."""
    name = file.filename or "the file"
    with services.database.reading() as reading:
        study, role = study_for(reading, slug, user)
        require_owner(role)
        frame = study_frame(user, study, role, "items")
    try:
        # Before the unit of work begins: batches of events would wait until a large workbook is read.
        content = _content(file, name)
        services.item_files.read(content, name)
    except ImportFailed as error:
        return _refused(render, frame, study, error)
    study, role = study_for(db, slug, user)
    require_owner(role)
    upload = store_upload(db, study, name, content, now)
    return RedirectResponse(f"/studies/{slug}/items/uploads/{upload.id}", status_code=303)


@router.get("/uploads/{upload_id}")
def show_upload(
    slug: str,
    upload_id: str,
    user: CurrentUser,
    services: CurrentServices,
    render: CurrentPages,
    encoding: Chosen = "",
    sheet: Chosen = "",
) -> Response:
    """Show how the file was read, or how it reads with another encoding or sheet. Security: for owners."""
    with services.database.reading() as reading:
        study, role = study_for(reading, slug, user)
        require_owner(role)
        frame = study_frame(user, study, role, "items")
        upload = stored_upload(reading, study, upload_id)
    try:
        table = services.item_files.read(upload.content, upload.name, FileChoices(encoding, sheet))
    except ImportFailed as error:
        return _refused(render, frame, study, error, upload_id)
    return render.render(_page(frame, study, upload_id, table, guess_mapping(table.columns)))


@router.post("/uploads/{upload_id}")
def import_upload(
    slug: str,
    upload_id: str,
    user: CurrentUser,
    db: WriteSession,
    services: CurrentServices,
    render: CurrentPages,
    text: Choice = "",
    item_id: Choice = "",
    title: Choice = "",
    encoding: Choice = "",
    sheet: Choice = "",
) -> Response:
    """Add all rows, or none. Security: for owners."""
    with services.database.reading() as reading:
        owned, role = study_for(reading, slug, user)
        require_owner(role)
        upload = stored_upload(reading, owned, upload_id)
        keys = item_keys(reading, owned)
    # Before the unit of work begins, as above.
    table = services.item_files.read(upload.content, upload.name, FileChoices(encoding, sheet))
    mapping = _chosen(text, item_id, title)
    try:
        rows = _rows(table, mapping, keys)
        study, role = study_for(db, slug, user)
        require_owner(role)
        added = add_items(db, study, rows)
    except ImportFailed as error:
        frame = study_frame(user, owned, role, "items")
        return render.render(_page(frame, owned, upload_id, table, mapping, error), status=error.status)
    db.delete(stored_upload(db, study, upload_id))
    return RedirectResponse(f"/studies/{slug}/items?added={added}", status_code=303)


@router.post("/uploads/{upload_id}/discard")
def discard_upload(slug: str, upload_id: str, user: CurrentUser, db: WriteSession) -> Response:
    """Security: for owners."""
    study, role = study_for(db, slug, user)
    require_owner(role)
    db.delete(stored_upload(db, study, upload_id))
    return RedirectResponse(f"/studies/{slug}/items", status_code=303)


def _refused(render: CurrentPages, frame: Frame, study: Study, error: ImportFailed, upload_id: str = "") -> Response:
    problems, more = error.problems[:_SHOWN_PROBLEMS], max(0, len(error.problems) - _SHOWN_PROBLEMS)
    page = UploadRefusedPage(frame, study, error.message, problems, more, upload_id)
    return render.render(page, status=error.status)


def _chosen(text: str, item_id: str, title: str) -> ColumnMapping | None:
    return ColumnMapping(text, item_id or None, title or None) if text else None


def _rows(table: SheetTable, mapping: ColumnMapping | None, taken: Collection[str]) -> Sequence[ItemRow]:
    if mapping is None:
        raise ImportFailed("Choose the column that holds the text.", ["Nothing was imported."])
    checked_mapping(table.columns, mapping.text, mapping.id, mapping.title)
    return rows_of(table, mapping, taken)


def _page(
    frame: Frame,
    study: Study,
    upload_id: str,
    table: SheetTable,
    mapping: ColumnMapping | None,
    error: DomainError | None = None,
) -> ItemUploadPage:
    problems = error.problems if isinstance(error, ImportFailed) else ()
    return ItemUploadPage(
        frame=frame,
        study=study,
        upload_id=upload_id,
        table=table,
        encodings=LEGACY_ENCODINGS if table.encoding else {},
        preview=[cells for _, cells in table.rows[:_PREVIEWED_ROWS]],
        mapping=mapping,
        further=mapping.further(table.columns) if mapping else (),
        problem=error.message if error else "",
        problems=problems[:_SHOWN_PROBLEMS],
        more_problems=max(0, len(problems) - _SHOWN_PROBLEMS),
    )


def _content(file: UploadFile, name: str) -> bytes:
    raw = file.file.read(_MAX_BYTES + 1)
    if len(raw) > _MAX_BYTES:
        raise TooLarge(f"{name} is larger than {_MAX_BYTES // 1_000_000} MB. Split it into several files.")
    return raw
