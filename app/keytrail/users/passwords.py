"""Changing a password, and setting a new one by a link."""

from sqlalchemy.orm import Session

from keytrail.errors import BadRequest
from keytrail.models import User
from keytrail.users.accounts import check_password, hash_password
from keytrail.users.sessions import end_other_sign_ins


def change_password(db: Session, user: User, current: str, new: str, token: str) -> None:
    """Set a new password and sign the user out everywhere else; `token` is the cookie of the browser that asks.

    Raises BadRequest if the current password is wrong or the new one will not do.
    """
    if check_password(db, user.email, current) is None:
        raise BadRequest("The current password is not right.", code="wrong_password")
    set_password(db, user, new, token)


def set_password(db: Session, user: User, new: str, token: str = "") -> None:
    """Set a password and end all sign-ins but that of `token`. Raises BadRequest if it will not do."""
    user.password_hash = hash_password(new)
    end_other_sign_ins(db, user, token)
