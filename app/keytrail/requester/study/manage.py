"""Manage a study as a whole: duplicate, rename, transfer, archive."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar

from fastapi import APIRouter, Depends, Form
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from keytrail.errors import BadRequest, Conflict
from keytrail.models import Role, Study, User
from keytrail.requester.addresses import number
from keytrail.requester.frame import Frame, Link, study_frame
from keytrail.requester.people.access import CurrentUser, require_owner, same_origin, study_for
from keytrail.studies.archive import archive_study, restore_study
from keytrail.studies.duplication import duplicate_study
from keytrail.studies.renaming import is_renamable, rename_study
from keytrail.users.members import member, members_of, transfer_study
from keytrail.web.pages import CurrentPages
from keytrail.web.services import Now, ReadSession, WriteSession

router = APIRouter(prefix="/studies/{slug}/manage", include_in_schema=False, dependencies=[Depends(same_origin)])

_NOTICES = {
    "restored": "The study is listed again. It is closed for workers until you open it on the Settings page.",
    "duplicated": "This is the copy. It is a draft without platform settings, and only you are a member of it.",
    "renamed": "The address is changed.",
}


@dataclass(frozen=True)
class ManagePage:
    """`others` are the members to whom the study can be transferred. `renamable`: nobody has a link with its address
    yet. `title` (of a copy) and `address` are what the forms hold.
    """

    template: ClassVar[str] = "requester/study/manage.html"

    frame: Frame
    study: Study
    others: Sequence[User]
    may_create: bool
    renamable: bool
    title: str
    address: str
    notice: str
    problem: str


def owned_study(db: Session, slug: str, user: User) -> Study:
    """Return a study that the user owns. Raises NotFound and Forbidden."""
    study, role = study_for(db, slug, user)
    require_owner(role)
    return study


@router.get("")
def show_manage(slug: str, user: CurrentUser, db: ReadSession, render: CurrentPages, done: str = "") -> Response:
    """Security: for owners."""
    study = owned_study(db, slug, user)
    return render.render(_page(db, study, user, notice=_NOTICES.get(done, "")))


@router.post("/duplicate")
def duplicate(
    slug: str,
    user: CurrentUser,
    db: WriteSession,
    now: Now,
    render: CurrentPages,
    title: Annotated[str, Form(max_length=400)] = "",
    items: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    """Security: for owners who may create studies; they own the copy alone."""
    study = owned_study(db, slug, user)
    try:
        copy = duplicate_study(db, study, title, user, now, with_items=bool(items))
    except BadRequest as problem:
        return render.render(_page(db, study, user, title=title, problem=problem.message), status=problem.status)
    return RedirectResponse(f"/studies/{copy.slug}/manage?done=duplicated", status_code=303)


@router.post("/address")
def rename(
    slug: str,
    user: CurrentUser,
    db: WriteSession,
    now: Now,
    render: CurrentPages,
    address: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Security: for owners."""
    study = owned_study(db, slug, user)
    try:
        rename_study(db, study, address, user, now)
    except (BadRequest, Conflict) as problem:
        page = _page(db, study, user, address=address, problem=problem.message)
        return render.render(page, status=problem.status)
    return RedirectResponse(f"/studies/{study.slug}/manage?done=renamed", status_code=303)


@router.post("/transfer")
def transfer(
    slug: str,
    user: CurrentUser,
    db: WriteSession,
    now: Now,
    render: CurrentPages,
    person: Annotated[str, Form(max_length=20)] = "",
    keep: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Security: for owners. `keep` is the role that the user has afterwards; empty for none."""
    study = owned_study(db, slug, user)
    if keep not in {"", Role.REVIEWER, Role.VIEWER}:
        raise BadRequest("Choose the role that you have afterwards: reviewer, viewer or none.")
    found = member(db, study, number(person, "The person") or 0)
    try:
        transfer_study(db, study, found, Role(keep) if keep else None, user, now)
    except Conflict as problem:
        return render.render(_page(db, study, user, problem=problem.message), status=problem.status)
    return RedirectResponse(f"/studies/{slug}/overview" if keep else "/", status_code=303)


@router.post("/archive")
def archive(slug: str, user: CurrentUser, db: WriteSession, now: Now) -> Response:
    """Security: for owners."""
    archive_study(db, owned_study(db, slug, user), user, now)
    return RedirectResponse("/archive", status_code=303)


@router.post("/restore")
def restore(slug: str, user: CurrentUser, db: WriteSession, now: Now) -> Response:
    """Security: for owners."""
    restore_study(db, owned_study(db, slug, user), user, now)
    return RedirectResponse(f"/studies/{slug}/manage?done=restored", status_code=303)


def _page(
    db: Session,
    study: Study,
    user: User,
    *,
    title: str | None = None,
    address: str | None = None,
    notice: str = "",
    problem: str = "",
) -> ManagePage:
    return ManagePage(
        frame=study_frame(user, study, Role.OWNER, "settings", Link("Manage study", "", current=True)),
        study=study,
        others=[other for other, _ in members_of(db, study) if other.id != user.id],
        may_create=user.may_create_studies,
        renamable=is_renamable(db, study),
        title=f"Copy of {study.title}" if title is None else title,
        address=study.slug if address is None else address,
        notice=notice,
        problem=problem,
    )
