"""Password links: an owner lets another user set a new password.

Anybody with such a link can become its user. Its creator must therefore own every study of the user and have every
right of the user, at creation and at use. The link is void once the user's password, rights or memberships have
changed, when another one is created, and after some hours (`KEYTRAIL_PASSWORD_LINK_HOURS`).
"""

import hashlib
import hmac
import json
import secrets
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from keytrail.errors import Forbidden, NotFound
from keytrail.models import SIGN_IN_LINK, AuditAction, Invitation, Membership, Role, Study, User
from keytrail.users.audit_log import record_action
from keytrail.users.rights import rights_of
from keytrail.users.signing_in import token_hash

SIGN_IN_LINK_MINUTES: Final = 15


def allow_reset(db: Session, study: Study, user: User, owner: User, now: datetime, *, hours: int) -> str:
    """Return a link's secret with which `user` may set a new password; earlier links end.

    Raises Forbidden if the user has more rights than the creator.
    """
    problem = _problem(db, user, owner)
    if problem:
        raise Forbidden(problem)
    detail = {"user": user.email}
    record_action(db, AuditAction.ALLOW_PASSWORD_RESET, now, user_id=owner.id, study_id=study.id, detail=detail)
    return _make_link(db, user, owner, now, hours)


def allow_own_reset(db: Session, user: User, now: datetime, *, hours: int) -> str:
    """A link's secret with which a user may set a new password for themselves; earlier ones end.

    Security: it goes to the user's own address and nowhere else.
    """
    record_action(
        db, AuditAction.ALLOW_PASSWORD_RESET, now, user_id=user.id, study_id=None, detail={"user": user.email}
    )
    return _make_link(db, user, user, now, hours)


def make_sign_in_link(db: Session, user: User, now: datetime) -> str:
    """A link's secret that signs a user in once, within a quarter of an hour, without password or code.

    Security: for the command line only. Whoever runs the server has to know whom they give it to.
    """
    detail = {"user": user.email}
    record_action(db, AuditAction.MAKE_SIGN_IN_LINK, now, user_id=None, study_id=None, detail=detail)
    return _make_link(db, user, user, now, SIGN_IN_LINK_MINUTES / 60, role=SIGN_IN_LINK)


def _make_link(db: Session, user: User, maker: User, now: datetime, hours: float, *, role: str | None = None) -> str:
    db.execute(delete(Invitation).where((Invitation.expires_at <= now) | (Invitation.user_id == user.id)))
    token = secrets.token_urlsafe(24)
    db.add(
        Invitation(
            token_hash=token_hash(token),
            user_id=user.id,
            role=role,
            created_by_id=maker.id,
            created_at=now,
            expires_at=now + timedelta(hours=hours),
            basis=_basis(db, user),
        )
    )
    return token


def hold_user(db: Session, user: User) -> None:
    """Lock a user whose memberships are about to change: a password link is used before that, or void after it."""
    db.execute(select(User.id).where(User.id == user.id).with_for_update())


def require_valid(db: Session, link: Invitation) -> User:
    """Return the user of a password link. Raises NotFound if its preconditions no longer hold."""
    user = db.get(User, link.user_id, with_for_update=True)
    maker = db.get(User, link.created_by_id)
    if (
        user is None
        or maker is None
        or _problem(db, user, maker)
        or not hmac.compare_digest(_basis(db, user), link.basis)
    ):
        raise NotFound(
            "This link is void: the person's password, studies or rights have changed since it was made, or those of "
            "whoever made it. Ask for another one."
        )
    return user


def _problem(db: Session, user: User, maker: User) -> str:
    """Return why the creator may not become the user; empty if they may."""
    if user.id == maker.id:
        return ""
    owned = select(Membership.study_id).where(Membership.user_id == maker.id, Membership.role == Role.OWNER)
    elsewhere = select(Membership.study_id).where(Membership.user_id == user.id, Membership.study_id.not_in(owned))
    only = "so only the operator of this server can set a new password ('keytrail user password')."
    if db.scalar(elsewhere.limit(1)) is not None:
        return f"{user.name} also takes part in studies that are not yours, {only}"
    theirs, own = rights_of(user), rights_of(maker)
    more = (theirs.create_studies, own.create_studies), (theirs.spend, own.spend), (theirs.operator, own.operator)
    if any(has and not maker_has for has, maker_has in more):
        return f"{user.name} has rights on this server that you do not have, {only}"
    return ""


def _basis(db: Session, user: User) -> str:
    roles = db.execute(
        select(Membership.study_id, Membership.role).where(Membership.user_id == user.id).order_by(Membership.study_id)
    )
    rights = rights_of(user)
    known = [user.password_hash, rights.create_studies, rights.spend, rights.operator]
    return hashlib.sha256(json.dumps([*known, *([study, str(role)] for study, role in roles)]).encode()).hexdigest()
