"""Links that let somebody into a study, or to a new password. Each works once, for a week."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from keytrail.errors import Forbidden, NotFound
from keytrail.models import AuditEntry, Invitation, Membership, Role, Study, User
from keytrail.users.signing_in import token_hash

_LASTS = timedelta(days=7)


@dataclass(frozen=True)
class Invited:
    """What a link leads to: a study with a role, or a new password for `user`."""

    invitation: Invitation
    study: Study | None
    user: User | None


def invite(db: Session, study: Study, role: Role, inviter: User, now: datetime) -> str:
    """A link's secret that makes whoever uses it a member of the study; only its hash is stored."""
    _note(db, study, inviter, now, "invite", {"role": role})
    return _new(db, inviter, now, study_id=study.id, role=role)


def allow_reset(db: Session, study: Study, user: User, owner: User, now: datetime) -> str:
    """A link's secret with which `user` may set a new password.

    Raises Forbidden unless the owner owns every study the user has a part in: whoever holds the link gets all of them.
    """
    owned = select(Membership.study_id).where(Membership.user_id == owner.id, Membership.role == Role.OWNER)
    elsewhere = select(Membership.study_id).where(Membership.user_id == user.id, Membership.study_id.not_in(owned))
    if db.scalar(elsewhere.limit(1)) is not None:
        raise Forbidden(
            f"{user.name} also takes part in studies that are not yours, so only whoever runs this server can set a "
            "new password ('keytrail user password')."
        )
    _note(db, study, owner, now, "allow password reset", {"user": user.email})
    return _new(db, owner, now, user_id=user.id)


def read_invitation(db: Session, token: str, now: datetime) -> Invited:
    """What a link leads to. Raises NotFound if it was used, has expired, or never was."""
    found = db.get(Invitation, token_hash(token))
    if found is None or found.expires_at <= now:
        raise NotFound("This link has been used, or is older than a week. Ask for another one.")
    study = db.get(Study, found.study_id) if found.study_id is not None else None
    user = db.get(User, found.user_id) if found.user_id is not None else None
    return Invited(found, study, user)


def accept(db: Session, invited: Invited, user: User, now: datetime) -> None:
    """Make the user a member and use the link up. A higher role that the user has already is kept."""
    study, role = invited.study, invited.invitation.role
    if study is None or role is None:
        raise NotFound("This link leads into no study.")
    membership = db.get(Membership, (user.id, study.id))
    if membership is None:
        db.add(Membership(user_id=user.id, study_id=study.id, role=Role(role)))
    elif _RANK[Role(role)] > _RANK[Role(membership.role)]:
        membership.role = Role(role)
    _note(db, study, user, now, "accept invitation", {"role": role})
    use_up(db, invited)


def use_up(db: Session, invited: Invited) -> None:
    """The link works no more."""
    db.execute(delete(Invitation).where(Invitation.token_hash == invited.invitation.token_hash))


_RANK = {Role.VIEWER: 0, Role.REVIEWER: 1, Role.OWNER: 2}


def _new(db: Session, by: User, now: datetime, **what: object) -> str:
    db.execute(delete(Invitation).where(Invitation.expires_at <= now))
    token = secrets.token_urlsafe(24)
    db.add(
        Invitation(token_hash=token_hash(token), created_by_id=by.id, created_at=now, expires_at=now + _LASTS, **what)
    )
    return token


def _note(db: Session, study: Study, user: User, now: datetime, action: str, detail: dict[str, object]) -> None:
    db.add(AuditEntry(at=now, user_id=user.id, study_id=study.id, action=action, detail=detail))


def open_invitations(db: Session, study: Study, now: datetime) -> Sequence[Invitation]:
    """Links into a study that nobody has used yet, newest first."""
    query = select(Invitation).where(Invitation.study_id == study.id, Invitation.expires_at > now)
    return db.scalars(query.order_by(Invitation.created_at.desc())).all()
