"""The export page, and its downloads."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from fastapi import APIRouter, Query
from fastapi.responses import PlainTextResponse, Response, StreamingResponse

from keytrail.errors import BadRequest
from keytrail.exports.codebook import codebook, loader
from keytrail.exports.columns import Table
from keytrail.exports.data_card import data_card, rules_of
from keytrail.exports.package import package
from keytrail.exports.selection import Selection
from keytrail.exports.tables import TABLES, media_type, stream, table_of
from keytrail.exports.writers import FORMATS
from keytrail.models import AuditAction, Study
from keytrail.requester.frame import Frame, Link, study_frame
from keytrail.requester.people.access import CurrentUser, require_reviewer, study_for
from keytrail.requester.queue.filter_form import ChosenFilters, CurrentFilters, FilterForm, filter_form
from keytrail.requester.wording import VERDICTS, Word
from keytrail.review.queue.counts import Counts, count_submissions
from keytrail.review.queue.filters import WAITING
from keytrail.users.audit_log import record_action
from keytrail.web.pages import CurrentPages
from keytrail.web.services import CurrentServices, Now, ReadSession, WriteSession

router = APIRouter(prefix="/studies/{slug}/export", include_in_schema=False)

_ALL = "all"
Keep = Annotated[list[str], Query(max_length=8)]


@dataclass(frozen=True)
class ExportPage:
    """What can be exported, and how. `keep` and `usable` are selected when the page opens."""

    template: ClassVar[str] = "requester/export.html"

    frame: Frame
    study: Study
    form: FilterForm
    presets: Sequence[Link]
    keep: Sequence[str]
    usable: bool
    counts: Counts
    verdicts: Sequence[tuple[str, Word, int]]
    tables: Sequence[Table[Any]]
    formats: Sequence[str]


@router.get("")
def show_export(
    slug: str,
    user: CurrentUser,
    db: ReadSession,
    render: CurrentPages,
    chosen: CurrentFilters,
    keep: Keep = [],  # noqa: B006  # FastAPI copies it
    usable: str = "",
) -> Response:
    """Security: for reviewers and owners."""
    study, role = study_for(db, slug, user)
    require_reviewer(role)
    counts = count_submissions(db, study.id)
    page = ExportPage(
        frame=study_frame(user, study, role, "export"),
        study=study,
        form=filter_form(db, study, chosen, f"/studies/{slug}/export"),
        presets=[
            Link("Everything", f"/studies/{slug}/export", not keep and not usable),
            Link(
                "Human-written only", f"/studies/{slug}/export?keep=clear&usable=1", keep == ["clear"] and bool(usable)
            ),
        ],
        keep=keep,
        usable=bool(usable),
        counts=counts,
        verdicts=[(key, word, counts.verdicts.get(key, 0)) for key, word in VERDICTS.items() if key != WAITING],
        tables=TABLES,
        formats=list(FORMATS),
    )
    return render.render(page)


@router.get("/file")
def download(
    slug: str,
    user: CurrentUser,
    db: WriteSession,
    services: CurrentServices,
    now: Now,
    chosen: CurrentFilters,
    table: str = _ALL,
    file_format: Annotated[str, Query(alias="format")] = "csv",
    keep: Keep = [],  # noqa: B006  # FastAPI copies it
    usable: str = "",
) -> Response:
    """Security: for reviewers and owners; each export is recorded in the audit log."""
    study, role = study_for(db, slug, user)
    require_reviewer(role)
    selection = _selection(study, chosen, keep, usable)
    kind = media_type(file_format)
    detail = {"table": table, "format": file_format, "rules": rules_of(selection)}
    record_action(db, AuditAction.EXPORT, now, user_id=user.id, study_id=study.id, detail=detail)
    if table == _ALL:
        pieces = package(db, services.database, study, file_format, selection, now)
        return _sent(pieces, "application/zip", f"{slug}.zip")
    found = table_of(table)
    pieces = stream(services.database, found, file_format, selection)
    return _sent(pieces, kind, f"{slug}-{found.name}.{file_format}")


@router.get("/codebook.md")
def show_codebook(slug: str, user: CurrentUser, db: ReadSession) -> Response:
    """Security: for everybody who may see the study."""
    study, _ = study_for(db, slug, user)
    return PlainTextResponse(codebook(study.title, TABLES), media_type="text/markdown; charset=utf-8")


@router.get("/load.py")
def show_loader(slug: str, user: CurrentUser, db: ReadSession) -> Response:
    """Security: for everybody who may see the study."""
    study_for(db, slug, user)
    headers = {"content-disposition": 'attachment; filename="load.py"'}
    return PlainTextResponse(loader(TABLES), media_type="text/x-python; charset=utf-8", headers=headers)


@router.get("/data-card.md")
def show_data_card(
    slug: str,
    user: CurrentUser,
    db: ReadSession,
    now: Now,
    chosen: CurrentFilters,
    keep: Keep = [],  # noqa: B006  # FastAPI copies it
    usable: str = "",
) -> Response:
    """Security: for everybody who may see the study."""
    study, _ = study_for(db, slug, user)
    card = data_card(db, study, _selection(study, chosen, keep, usable), now)
    return PlainTextResponse(card, media_type="text/markdown; charset=utf-8")


def _selection(study: Study, chosen: ChosenFilters, keep: list[str], usable: str) -> Selection:
    unknown = [verdict for verdict in keep if verdict not in VERDICTS or verdict == WAITING]
    if unknown:
        raise BadRequest(f"There is no verdict {unknown[0][:40]!r}.")
    return Selection(study.id, study.slug, chosen.filters(), tuple(keep), usable=bool(usable))


def _sent(pieces: Iterator[bytes], kind: str, name: str) -> Response:
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(pieces, media_type=kind, headers=headers)
