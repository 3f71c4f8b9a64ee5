"""The People page of a study: roles, invitations by link, password links."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, ClassVar

from fastapi import APIRouter, Depends, Form
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from keytrail.errors import BadRequest
from keytrail.models import Removal, RemovalKind, Role, Study, User
from keytrail.requester.addresses import number
from keytrail.requester.frame import Frame, study_frame
from keytrail.requester.people.access import CurrentUser, require_owner, same_origin, study_for
from keytrail.users.invitations import OpenLink, invite, open_links, revoke_link
from keytrail.users.members import member, members_of, restore_member, set_role
from keytrail.users.removals import UNDO_DAYS, removal_of, removals_of
from keytrail.users.reset_links import allow_reset
from keytrail.web.formatting import counted
from keytrail.web.pages import CurrentPages
from keytrail.web.services import CurrentServices, Now, ReadSession, WriteSession

router = APIRouter(prefix="/studies/{slug}", include_in_schema=False, dependencies=[Depends(same_origin)])

ROLES = {
    Role.OWNER: "everything in the study",
    Role.REVIEWER: "look, decide and export",
    Role.VIEWER: "look",
}
_NOTICES = {
    "role": "The role was changed.",
    "revoked": "The link was revoked.",
    "out": "The person was removed from the study. Their decisions stay. “Recently removed” below undoes it.",
    "restored": "The person is a member again, with the same role as before.",
}


@dataclass(frozen=True)
class PeoplePage:
    """The members. `link` is shown only once after it was created; `link_for` says for whom or what, `link_lasts` how
    long.

    `notice`: what was just changed. `removed` are people who can be restored.
    """

    template: ClassVar[str] = "requester/people/people.html"

    frame: Frame
    study: Study
    own_id: int
    members: Sequence[tuple[User, Role]]
    roles: Sequence[tuple[str, str]]
    waiting: Sequence[OpenLink]
    removed: Sequence[Removal]
    undo_days: int
    link: str
    link_for: str
    link_lasts: str
    notice: str


@router.get("/people")
def show_people(
    slug: str, user: CurrentUser, db: ReadSession, now: Now, render: CurrentPages, changed: str = ""
) -> Response:
    """Security: for owners."""
    study, role = study_for(db, slug, user)
    require_owner(role)
    return render.render(_page(db, study, user, role, now, notice=_NOTICES.get(changed, "")))


@router.post("/people/invite")
def make_link(
    slug: str,
    user: CurrentUser,
    db: WriteSession,
    now: Now,
    render: CurrentPages,
    services: CurrentServices,
    role: Annotated[str, Form()] = "",
) -> Response:
    """Security: for owners. The link is shown on this page only."""
    study, own_role = study_for(db, slug, user)
    require_owner(own_role)
    wanted = _role(role)
    link = f"{services.settings.public_url}/invitation/{invite(db, study, wanted, user, now)}"
    db.flush()
    return render.render(
        _page(db, study, user, own_role, now, link=link, link_for=f"a new {wanted}", link_lasts="a week")
    )


@router.post("/people/role")
def change_role(
    slug: str,
    user: CurrentUser,
    db: WriteSession,
    now: Now,
    person: Annotated[str, Form()] = "",
    role: Annotated[str, Form()] = "",
) -> Response:
    """Security: for owners. An empty role removes the member."""
    study, own_role = study_for(db, slug, user)
    require_owner(own_role)
    found = member(db, study, number(person, "The person") or 0)
    set_role(db, study, found, _role(role) if role else None, user, now)
    if found.id == user.id and role != Role.OWNER:
        return RedirectResponse("/", status_code=303)
    return RedirectResponse(f"/studies/{slug}/people?changed={'role' if role else 'out'}", status_code=303)


@router.post("/people/restore")
def restore(
    slug: str, user: CurrentUser, db: WriteSession, now: Now, removal: Annotated[str, Form(max_length=20)] = ""
) -> Response:
    """Undo the removal of a member. Security: for owners."""
    study, role = study_for(db, slug, user)
    require_owner(role)
    found = removal_of(db, study, RemovalKind.MEMBER, number(removal, "The removal") or 0, now)
    restore_member(db, study, found, user, now)
    return RedirectResponse(f"/studies/{slug}/people?changed=restored", status_code=303)


@router.post("/people/password")
def make_password_link(
    slug: str,
    user: CurrentUser,
    db: WriteSession,
    now: Now,
    render: CurrentPages,
    services: CurrentServices,
    person: Annotated[str, Form()] = "",
) -> Response:
    """Security: for owners, and only for users who take part in their studies alone."""
    study, role = study_for(db, slug, user)
    require_owner(role)
    found = member(db, study, number(person, "The person") or 0)
    hours = services.settings.password_link_hours
    link = f"{services.settings.public_url}/invitation/{allow_reset(db, study, found, user, now, hours=hours)}"
    db.flush()
    made = {"link": link, "link_for": f"a new password for {found.name}", "link_lasts": counted(hours, "hour")}
    return render.render(_page(db, study, user, role, now, **made))


@router.post("/people/revoke")
def revoke(slug: str, user: CurrentUser, db: WriteSession, now: Now, link: Annotated[str, Form()] = "") -> Response:
    """Revoke an unused link. Security: for owners."""
    study, role = study_for(db, slug, user)
    require_owner(role)
    revoke_link(db, study, link, user, now)
    return RedirectResponse(f"/studies/{slug}/people?changed=revoked", status_code=303)


def _role(role: str) -> Role:
    if role not in set(Role):
        raise BadRequest("A role is owner, reviewer or viewer.")
    return Role(role)


def _page(db: Session, study: Study, user: User, role: Role, now: datetime, **link: Any) -> PeoplePage:
    return PeoplePage(
        frame=study_frame(user, study, role, "people"),
        study=study,
        own_id=user.id,
        members=members_of(db, study),
        roles=list(ROLES.items()),
        waiting=open_links(db, study, now),
        removed=removals_of(db, study, RemovalKind.MEMBER, now),
        undo_days=UNDO_DAYS,
        link=link.get("link", ""),
        link_for=link.get("link_for", ""),
        link_lasts=link.get("link_lasts", ""),
        notice=link.get("notice", ""),
    )
