"""A user's rights in the installation, in addition to roles in studies. Off unless granted."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from keytrail.errors import Conflict, Forbidden
from keytrail.models import AuditAction, User
from keytrail.users.audit_log import record_action


@dataclass(frozen=True)
class Rights:
    """The rights to create studies, to publish and pay with the installation's accounts, and to operate (grant rights,
    set budgets).
    """

    create_studies: bool = False
    spend: bool = False
    operator: bool = False


MEMBER = Rights(create_studies=True, spend=True)
"""The default rights of accounts created on the command line."""


def rights_of(user: User) -> Rights:
    """Return the user's rights."""
    return Rights(user.may_create_studies, user.may_spend, user.is_operator)


def set_rights(db: Session, user: User, rights: Rights, by: User | None, now: datetime) -> None:
    """Grant and revoke rights; `by` is None for the command line.

    Raises Conflict if an operator would revoke their own right to operate: nobody might be left to restore it.
    """
    before = rights_of(user)
    if by is not None and by.id == user.id and before.operator and not rights.operator:
        raise Conflict("You cannot stop being an operator yourself. Ask another operator.")
    user.may_create_studies, user.may_spend, user.is_operator = rights.create_studies, rights.spend, rights.operator
    if rights != before:
        detail = {"user": user.email, "from": asdict(before), "to": asdict(rights)}
        record_action(db, AuditAction.SET_RIGHTS, now, user_id=by.id if by else None, study_id=None, detail=detail)


def everybody(db: Session) -> Sequence[User]:
    """Return all accounts by name."""
    return db.scalars(select(User).order_by(User.name, User.id)).all()


def require_creating(db: Session, user: User) -> None:
    """Raises Forbidden, naming who can help, unless the user may create studies."""
    if not user.may_create_studies:
        raise Forbidden(f"You may not create studies on this server. {who_gives_rights(db)}", code="no_right")


def require_operating(user: User) -> None:
    """Raises Forbidden unless the user is an operator."""
    if not user.is_operator:
        raise Forbidden(
            "Only an operator of this server may do that. Ask one for this right ('keytrail user rights').",
            code="no_right",
        )


def who_gives_rights(db: Session) -> str:
    """Return a sentence that says whom to ask."""
    return f"Ask {operators(db)} to give you this right ('keytrail user rights')."


def operators(db: Session) -> str:
    """Return the operators by name and address, or who else can help."""
    found = db.scalars(select(User).where(User.is_operator).order_by(User.name, User.id).limit(3)).all()
    named = [f"{user.name} ({user.email})" for user in found]
    return " or ".join(named) if named else "the operator of this server"
