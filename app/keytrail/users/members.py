"""The members of a study and their roles."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from keytrail.errors import Conflict, Forbidden, NotFound
from keytrail.models import AuditAction, Invitation, Membership, Removal, RemovalKind, Role, Study, User
from keytrail.users.audit_log import record_action
from keytrail.users.removals import record_removal
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

    Links into the study that a former owner made end with the role, and so do password links for the member. Somebody
    whom another person took out can be restored. Raises Conflict if the study would be left without an owner, and
    Forbidden if `by` owns it no more: of two owners who remove each other at once, one stays.
    """
    owners = _held_owners(db, study)
    if by.id not in owners:
        raise Forbidden("Only an owner of this study may do that. Ask one to do it, or to make you an owner.")
    membership = db.get(Membership, (user.id, study.id), populate_existing=True)
    if membership is None:
        raise NotFound("There is no such member in this study.")
    if membership.role == Role.OWNER and role != Role.OWNER and len(owners) == 1:
        raise Conflict("A study needs an owner. Make another member an owner first.")
    hold_user(db, user)
    db.execute(delete(Invitation).where(Invitation.user_id == user.id))
    if role != Role.OWNER:
        db.execute(delete(Invitation).where(Invitation.study_id == study.id, Invitation.created_by_id == user.id))
    detail = {"user": user.email, "from": membership.role, "to": role}
    record_action(db, AuditAction.SET_ROLE, now, user_id=by.id, study_id=study.id, detail=detail)
    if role is None:
        if by.id != user.id:
            content = {"user": user.id, "role": str(membership.role)}
            record_removal(db, study, RemovalKind.MEMBER, user.name, content, now)
        db.delete(membership)
    else:
        membership.role = role


def restore_member(db: Session, study: Study, removal: Removal, by: User, now: datetime) -> None:
    """Give somebody who was taken out the same role again. Raises NotFound without an account, Conflict if back."""
    user = db.get(User, removal.content["user"])
    if user is None:
        raise NotFound("This account no longer exists.")
    if db.get(Membership, (user.id, study.id)) is not None:
        raise Conflict(f"{user.name} takes part in this study again already.")
    hold_user(db, user)
    role = Role(removal.content["role"])
    db.add(Membership(user_id=user.id, study_id=study.id, role=role))
    db.delete(removal)
    detail = {"user": user.email, "role": role}
    record_action(db, AuditAction.RESTORE_MEMBER, now, user_id=by.id, study_id=study.id, detail=detail)


def transfer_study(db: Session, study: Study, to: User, keep: Role | None, by: User, now: datetime) -> None:
    """Make another member an owner, and give `by`, who is one, the role `keep`, or with None none at all.

    Raises Conflict if both are one person.
    """
    if to.id == by.id:
        raise Conflict("You own this study already. Choose somebody else.")
    detail = {"user": to.email}
    record_action(db, AuditAction.TRANSFER_STUDY, now, user_id=by.id, study_id=study.id, detail=detail)
    set_role(db, study, to, Role.OWNER, by, now)
    db.flush()
    set_role(db, study, by, keep, by, now)


def _held_owners(db: Session, study: Study) -> set[int]:
    """Lock the study's owners, and return who they are: whoever changes roles meanwhile waits."""
    owners = select(Membership.user_id).where(Membership.study_id == study.id, Membership.role == Role.OWNER)
    return set(db.scalars(owners.order_by(Membership.user_id).with_for_update()))
