"""Ask signed-in users for their password again before something that a stolen sign-in must not do."""

from datetime import datetime

from keytrail.db import Database
from keytrail.errors import TooMany
from keytrail.keyring import Keyring
from keytrail.models import User
from keytrail.users import throttle
from keytrail.users.hashing import HashedPassword, is_right


def confirm_password(
    database: Database, keyring: Keyring, user_id: int, password: str, now: datetime
) -> HashedPassword | None:
    """Return the stored form of a signed-in user's password if it is this one, else None.

    Uses its own units of work and must not be called within one. Security: throttled, so that whoever found an open
    browser cannot guess the password. Raises TooMany, and Unavailable if too many wait.
    """
    limits = throttle.confirmation_limits(keyring, user_id)

    def counted() -> None:
        with database.writing() as db:
            throttle.count(db, limits, now)

    try:
        with database.reading() as db:
            throttle.check(db, limits, now)
            stored = HashedPassword(db.get_one(User, user_id).password_hash)
        right = is_right(password, stored, counted)
    except TooMany as many:
        sentence = "Too many wrong passwords. Try again in a quarter of an hour."
        raise TooMany(sentence, code="throttled", retry_after=many.retry_after) from None
    if not right:
        return None
    with database.writing() as db:
        throttle.take_back(db, limits, now)
    return stored
