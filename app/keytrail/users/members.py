"""The members of a study and their roles."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from keytrail.errors import Conflict, NotFound
from keytrail.models import AuditAction, Invitation, Membership, Role, Study, User
from keytrail.users.audit_log import record_action
from keytrail.users.reset_links import hold_user


def members_of(db: Session, study: Study) -> Sequence[tuple[User, Role]]:
    """Return all members of a study by name."""
    rows = db.execute(
        select(User, Membership.role)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.study_id == study.id)
        .order_by(User.name, User.id)
    )
    return [(user, Role(role)) for user, role in rows]


def member(db: Session, study: Study, user_id: int) -> User:
    """Return a member of the study. Raises NotFound."""
    found = db.scalar(
        select(User)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.study_id == study.id, User.id == user_id)
    )
    if found is None:
        raise NotFound("There is no such member in this study.")
    return found


def set_role(db: Session, study: Study, user: User, role: Role | None, by: User, now: datetime) -> None:
    """Change a member's role, or remove the member with None.

    Links into the study that a former owner created end with the role, and so do password links for the member. Raises
    Conflict if the study would be left without an owner.
    """
    membership = db.get(Membership, (user.id, study.id))
    if membership is None:
        raise NotFound("There is no such member in this study.")
    if membership.role == Role.OWNER and role != Role.OWNER and _owners(db, study) == 1:
        raise Conflict("A study needs an owner. Make another member an owner first.")
    hold_user(db, user)
    db.execute(delete(Invitation).where(Invitation.user_id == user.id))
    if role != Role.OWNER:
        db.execute(delete(Invitation).where(Invitation.study_id == study.id, Invitation.created_by_id == user.id))
    detail = {"user": user.email, "from": membership.role, "to": role}
    record_action(db, AuditAction.SET_ROLE, now, user_id=by.id, study_id=study.id, detail=detail)
    if role is None:
        db.delete(membership)
    else:
        membership.role = role


def _owners(db: Session, study: Study) -> int:
    query = select(func.count()).where(Membership.study_id == study.id, Membership.role == Role.OWNER)
    return db.scalar(query) or 0
