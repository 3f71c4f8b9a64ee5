"""Set passwords, and end what depended on the old one."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from keytrail.db import Database
from keytrail.errors import BadRequest
from keytrail.keyring import Keyring
from keytrail.models import ApiToken, Invitation, User
from keytrail.users.hashing import HashedPassword, hash_password
from keytrail.users.password_confirmation import confirm_password
from keytrail.users.sessions import end_other_sign_ins


@dataclass(frozen=True)
class NewPassword:
    """The form with which a user changes their password."""

    current: str
    new: str


def change_password(
    database: Database, keyring: Keyring, user_id: int, typed: NewPassword, token: str, now: datetime
) -> None:
    """Change the password like `set_password`; `token` is the cookie of the current browser.

    Uses its own units of work and must not be called within one, because hashing takes time. Raises BadRequest if the
    current password is wrong or the new one is not acceptable.
    """
    before = confirm_password(database, keyring, user_id, typed.current, now)
    if before is None:
        raise BadRequest("The current password is wrong.", code="wrong_password")
    hashed = hash_password(typed.new)
    with database.writing() as db:
        user = db.get_one(User, user_id, with_for_update=True)
        # Else whoever knows the old password could replace the one that was set against them.
        if user.password_hash != before.value:
            raise BadRequest("The password was changed meanwhile. Try again.", code="wrong_password")
        set_password(db, user, hashed, token)


def set_password(db: Session, user: User, new: HashedPassword, token: str = "") -> None:
    """Set a password; end API tokens, password links, and all sign-ins except that of `token`."""
    user.password_hash = new.value
    end_other_sign_ins(db, user, token)
    db.execute(delete(ApiToken).where(ApiToken.user_id == user.id))
    db.execute(delete(Invitation).where(Invitation.user_id == user.id))
