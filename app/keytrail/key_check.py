"""Check that the secret key is the one with which this database was set up.

Pseudonyms and signatures depend on the key: with another one no worker would be recognised, nobody could be paid, and
no chain of evidence would verify. A check value in the database therefore stops the start. A database without one (a
new one, or one of an older version) gets it on the first start.
"""

import hmac

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from keytrail.db import Database
from keytrail.errors import BadSettings
from keytrail.keyring import Keyring, has_key, load_keyring
from keytrail.models import InstallationFact
from keytrail.settings import Settings

_NAME = "key_check"
_PURPOSE = "check value"


def open_keyring(settings: Settings, database: Database) -> Keyring:
    """Return the keyring of this installation; generate a key if neither key nor check value exists.

    Raises BadSettings if the database was set up with another key, or if the key is missing.
    """
    with database.reading() as db:
        known = _stored(db)
    if known is not None and not has_key(settings):
        raise BadSettings(
            f"The secret key is missing: this database was set up with one, and {settings.data_dir} has no secret.key. "
            "Restore the file from a backup, or set KEYTRAIL_SECRET_KEY to the key. With a new key no worker would be "
            "recognised."
        )
    keyring = load_keyring(settings)
    own = keyring.key(_PURPOSE).hex()
    if known is None:
        with database.writing() as db:
            known = _store_once(db, own)
    if not hmac.compare_digest(known, own):
        raise BadSettings(
            "The secret key is not the one that this database was set up with. Check KEYTRAIL_SECRET_KEY, "
            "KEYTRAIL_DATA_DIR (secret.key) and KEYTRAIL_DATABASE_URL: the key and the database belong together. With "
            "another key no worker would be recognised."
        )
    return keyring


def key_fits(settings: Settings, database: Database) -> bool:
    """Whether the installation has the key that its database was set up with; makes and stores nothing."""
    with database.reading() as db:
        known = _stored(db)
    if known is None or not has_key(settings):
        return known is None
    return hmac.compare_digest(known, load_keyring(settings).key(_PURPOSE).hex())


def _stored(db: Session) -> str | None:
    return db.scalar(select(InstallationFact.value).where(InstallationFact.name == _NAME))


def _store_once(db: Session, value: str) -> str:
    """Store the check value unless another process was faster; return the stored value."""
    make = postgresql.insert if db.get_bind().dialect.name == "postgresql" else sqlite.insert
    db.execute(make(InstallationFact).values(name=_NAME, value=value).on_conflict_do_nothing())
    return _stored(db) or value
