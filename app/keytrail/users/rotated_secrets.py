"""Encrypt stored secrets anew after the secret key was rotated (keytrail/key_rotation.py)."""

from datetime import datetime

from cryptography.fernet import InvalidToken
from sqlalchemy import select
from sqlalchemy.orm import Session

from keytrail.db import Database
from keytrail.key_rotation import end_rotation, hold_rotation
from keytrail.keyring import Keyring, Roots
from keytrail.models import User
from keytrail.users.one_time_codes import codes_cipher


def settle_rotation(database: Database, roots: Roots, now: datetime) -> bool:
    """Encrypt secrets under the new key once all servers sign with it, and forget the earlier key after its time.

    Does nothing without a rotation, and the same however often it is called. Returns whether secrets were looked at.
    """
    with database.writing() as db:
        rotation = hold_rotation(db)
        if rotation is None or now.timestamp() < rotation.active_from:
            return False
        encrypt_anew(db, roots)
        if now.timestamp() >= rotation.until:
            end_rotation(db)
        return True


def encrypt_anew(db: Session, roots: Roots) -> None:
    """Encrypt under the present root what is still encrypted under the earlier one."""
    new = codes_cipher(Keyring(Roots(roots.present, roots.lasting)))
    both = codes_cipher(Keyring(Roots(roots.present, roots.lasting, roots.earlier)))
    for user in db.scalars(select(User).where(User.code_secret.is_not(None)).with_for_update()):
        sealed = (user.code_secret or "").encode()
        try:
            new.decrypt(sealed)
        except InvalidToken:
            user.code_secret = both.rotate(sealed).decode()
