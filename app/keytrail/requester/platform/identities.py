"""Workers' identities at the platform. Only owners may see them, and each access is in the audit log."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar

from fastapi import APIRouter, Depends, Form
from fastapi.responses import Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from keytrail.errors import BadRequest, NotFound
from keytrail.exports.formulas import not_a_formula
from keytrail.exports.identities import LINKS, WAITING_ACTIONS, IdentityLink, amount_of, identity_links
from keytrail.exports.selection import Selection
from keytrail.exports.tables import media_type
from keytrail.exports.writers import FORMATS
from keytrail.models import ActionKind, AuditAction, Role, Study, User, Worker
from keytrail.platform_actions.differences import READ_FROM_DIFFERENCES, Differences, differences
from keytrail.platform_actions.manual_list import manual_actions
from keytrail.platforms.registry import platform_label
from keytrail.requester.frame import Frame, Link, study_frame
from keytrail.requester.people.access import CurrentUser, require_owner, same_origin, study_for
from keytrail.users.audit_log import record_action
from keytrail.web.pages import CurrentPages
from keytrail.web.services import Now, WriteSession

router = APIRouter(prefix="/studies/{slug}", include_in_schema=False, dependencies=[Depends(same_origin)])

_TABLES = {table.name: table for table in (LINKS, WAITING_ACTIONS)}
_LISTS = {"bonuses": ActionKind.BONUS, "approvals": ActionKind.APPROVE}
"""The format of Prolific's bulk forms: a line for each participant, without a header."""

Name = Annotated[str, Form(max_length=40)]


@dataclass(frozen=True)
class IdentitiesPage:
    """One worker's ids at the platform, with their work."""

    template: ClassVar[str] = "requester/platform/identities.html"

    frame: Frame
    study: Study
    platform: str
    worker: str
    platform_id: str
    links: Sequence[IdentityLink]


@dataclass(frozen=True)
class DifferenceIdsPage:
    """The platform's ids of work that differs between the platform and here."""

    template: ClassVar[str] = "requester/platform/difference_ids.html"

    frame: Frame
    study: Study
    platform: str
    differences: Differences


@router.post("/workers/{pseudonym}/ids")
def show_ids(
    slug: str, pseudonym: str, user: CurrentUser, db: WriteSession, render: CurrentPages, now: Now
) -> Response:
    """Show a worker's ids. Security: owners only; the access is recorded in the audit log."""
    study, role = study_for(db, slug, user)
    require_owner(role)
    worker = db.scalar(select(Worker).where(Worker.study_id == study.id, Worker.pseudonym == pseudonym))
    if worker is None:
        raise NotFound("There is no such worker in this study.")
    _record(db, study, user, now, {"worker": pseudonym})
    links = list(identity_links(db, study, worker))
    page = IdentitiesPage(
        frame=study_frame(
            user,
            study,
            Role.OWNER,
            "workers",
            Link(f"Worker {pseudonym}", f"/studies/{slug}/workers/{pseudonym}"),
            Link("Platform ids", "", current=True),
        ),
        study=study,
        platform=platform_label(study.platform),
        worker=pseudonym,
        platform_id=next((link.platform_id for link in links if link.platform_id), ""),
        links=links,
    )
    return render.render(page)


@router.post("/payments/ids")
def show_difference_ids(slug: str, user: CurrentUser, db: WriteSession, render: CurrentPages, now: Now) -> Response:
    """Show the ids of work that differs. Security: owners only; an access that shows any is recorded in the audit
    log.
    """
    study, role = study_for(db, slug, user)
    require_owner(role)
    found = differences(db, study, now)
    if found.assignment_ids:
        _record(db, study, user, now, READ_FROM_DIFFERENCES)
    page = DifferenceIdsPage(
        frame=study_frame(user, study, Role.OWNER, "payments", Link("Assignment ids", "", current=True)),
        study=study,
        platform=platform_label(study.platform),
        differences=found,
    )
    return render.render(page)


@router.post("/payments/list")
def download(
    slug: str,
    user: CurrentUser,
    db: WriteSession,
    now: Now,
    table: Name = WAITING_ACTIONS.name,
    file_format: Annotated[str, Form(alias="format", max_length=10)] = "csv",
) -> Response:
    """Download the link table, queued actions, or a list for a bulk form. Security: owners only, recorded in the audit
    log.
    """
    study, role = study_for(db, slug, user)
    require_owner(role)
    if table in _LISTS:
        if file_format != "csv":
            raise BadRequest("Lists for the bulk forms of Prolific are CSV. Choose CSV as the format.", code="csv_only")
        _record(db, study, user, now, {"table": table})
        return _file("".join(_bulk_lines(db, study, _LISTS[table])).encode(), "text/csv", f"{slug}-{table}.csv")
    if table not in _TABLES or file_format not in {"csv", "xlsx"}:
        raise BadRequest("There is no such list.")
    _record(db, study, user, now, {"table": table})
    found, (write, _) = _TABLES[table], FORMATS[file_format]
    content = b"".join(write(found.columns, found.values(db, Selection(study.id, slug))))
    return _file(content, media_type(file_format), f"{slug}-{table}.{file_format}")


def _bulk_lines(db: Session, study: Study, kind: ActionKind) -> Iterator[str]:
    for action in manual_actions(db, study):
        if action.kind == kind and action.platform_id:
            amount = f",{amount_of(action)}" if kind == ActionKind.BONUS else ""
            yield f"{not_a_formula(action.platform_id)}{amount}\n"


def _record(db: Session, study: Study, user: User, now: Now, detail: Mapping[str, object]) -> None:
    record_action(db, AuditAction.READ_IDENTITIES, now, user_id=user.id, study_id=study.id, detail=detail)


def _file(content: bytes, kind: str, name: str) -> Response:
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    return Response(content, media_type=kind, headers=headers)
