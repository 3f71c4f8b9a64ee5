"""Invitation and password links. Each works once, for a week, and only while its creator owns the study."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from keytrail.errors import NotFound
from keytrail.models import SIGN_IN_LINK, AuditAction, Invitation, Membership, Role, Study, User
from keytrail.users.audit_log import record_action
from keytrail.users.reset_links import hold_user, require_valid
from keytrail.users.signing_in import token_hash

_LASTS = timedelta(days=7)
# Enough to distinguish links, too little to guess the stored hash.
_SHORT = 12
_RANK = {Role.VIEWER: 0, Role.REVIEWER: 1, Role.OWNER: 2}


@dataclass(frozen=True)
class Invited:
    """The target of a link: a study with a role, or a new password or a sign-in for `user`."""

    invitation: Invitation
    study: Study | None
    user: User | None

    @property
    def signs_in(self) -> bool:
        """Whether the link signs its user in."""
        return self.invitation.role == SIGN_IN_LINK


@dataclass(frozen=True)
class OpenLink:
    """An unused link; `role` is empty for a password link, `person` for an invitation."""

    id: str
    role: str
    person: str
    made_by: str
    made_at: datetime
    until: datetime


def invite(db: Session, study: Study, role: Role, inviter: User, now: datetime) -> str:
    """Return the secret of a link that makes its user a member of the study; only its hash is stored."""
    record_action(db, AuditAction.INVITE, now, user_id=inviter.id, study_id=study.id, detail={"role": role})
    db.execute(delete(Invitation).where(Invitation.expires_at <= now))
    token = secrets.token_urlsafe(24)
    db.add(
        Invitation(
            token_hash=token_hash(token),
            study_id=study.id,
            role=role,
            created_by_id=inviter.id,
            created_at=now,
            expires_at=now + _LASTS,
        )
    )
    return token


def read_invitation(db: Session, token: str, now: datetime) -> Invited:
    """Return the target of a link. Raises NotFound if it was used or revoked, has expired, or its creator lost the
    right.
    """
    found = db.get(Invitation, token_hash(token))
    if found is None or found.expires_at <= now:
        raise NotFound("This link no longer works: it was used, was revoked, or has expired. Ask for a new one.")
    if found.user_id is not None:
        return Invited(found, None, require_valid(db, found))
    study = db.get(Study, found.study_id) if found.study_id is not None else None
    maker = db.get(Membership, (found.created_by_id, found.study_id)) if study else None
    if maker is None or maker.role != Role.OWNER:
        raise NotFound("The person who created this link no longer owns the study. Ask its owner for a new one.")
    return Invited(found, study, None)


def accept(db: Session, invited: Invited, user: User, now: datetime) -> None:
    """Make the user a member and use the link up. A higher existing role is kept.

    Raises NotFound if the link invites to no study.
    """
    study, role = invited.study, invited.invitation.role
    if study is None or role is None:
        raise NotFound("This link is not an invitation to a study.")
    use_up(db, invited)
    hold_user(db, user)
    membership = db.get(Membership, (user.id, study.id))
    if membership is None:
        db.add(Membership(user_id=user.id, study_id=study.id, role=Role(role)))
    elif _RANK[Role(role)] > _RANK[Role(membership.role)]:
        membership.role = Role(role)
    record_action(db, AuditAction.ACCEPT_INVITATION, now, user_id=user.id, study_id=study.id, detail={"role": role})


def use_up(db: Session, invited: Invited) -> None:
    """Use the link up. Raises NotFound if it was used at the same time."""
    used = delete(Invitation).where(Invitation.token_hash == invited.invitation.token_hash)
    if not db.execute(used.returning(Invitation.token_hash)).first():
        raise NotFound("This link has just been used. Ask for a new one.")


def open_links(db: Session, study: Study, now: datetime) -> Sequence[OpenLink]:
    """Return links into a study, and password links for its members created by its owners, newest first."""
    owners = select(Membership.user_id).where(Membership.study_id == study.id, Membership.role == Role.OWNER)
    people = select(Membership.user_id).where(Membership.study_id == study.id)
    of_study = (Invitation.study_id == study.id) | (Invitation.user_id.in_(people) & Invitation.role.is_(None))
    rows = db.scalars(
        select(Invitation)
        .where(of_study, Invitation.created_by_id.in_(owners), Invitation.expires_at > now)
        .order_by(Invitation.created_at.desc(), Invitation.token_hash)
    ).all()
    ids = {number for row in rows for number in (row.created_by_id, row.user_id) if number is not None}
    names = {user.id: user.name for user in db.scalars(select(User).where(User.id.in_(ids)))}
    return [
        OpenLink(
            id=row.token_hash[:_SHORT],
            role=row.role or "",
            person=names.get(row.user_id or 0, ""),
            made_by=names.get(row.created_by_id, ""),
            made_at=row.created_at,
            until=row.expires_at,
        )
        for row in rows
    ]


def revoke_link(db: Session, study: Study, link_id: str, by: User, now: datetime) -> None:
    """Revoke one of the study's open links. Raises NotFound if it is none of them."""
    if link_id not in {link.id for link in open_links(db, study, now)}:
        raise NotFound("There is no such link any more.")
    db.execute(delete(Invitation).where(Invitation.token_hash.startswith(link_id, autoescape=True)))
    record_action(db, AuditAction.REVOKE_LINK, now, user_id=by.id, study_id=study.id)
