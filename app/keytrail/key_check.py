"""Check that the secret key is the one with which this database was set up.

Pseudonyms and signatures depend on the key: with another one no worker would be recognised, nobody could be paid, and
no chain of evidence would verify. A check value in the database therefore stops the start. A database without one (a
new one, or one of an older version) gets it on the first start.
"""

import hmac
import logging

from sqlalchemy import select
from sqlalchemy.orm import Session

from keytrail.clock import utc_now
from keytrail.db import Database, insert_on_conflict
from keytrail.errors import BadSettings
from keytrail.key_rotation import KEY_CHECK, LASTING_ROOT, check_value, facts_of, is_earlier, roots_from
from keytrail.keyring import Keyring, has_key, load_keyring, next_root_secret, root_secret, use_next_root_secret
from keytrail.models import InstallationFact
from keytrail.settings import Settings

_log = logging.getLogger("keytrail")
_ROTATED = (
    " The key was replaced by 'keytrail rotate-key' before. If this is the earlier one, set the new one: with "
    "--new-key-file it is in that file, otherwise in secret.key of the data folder where the command ran."
)


def open_keyring(settings: Settings, database: Database) -> Keyring:
    """Return the keyring of this installation; generate a key if neither key nor check value exists.

    A rotation that was interrupted before the key's file was replaced is finished. Raises BadSettings if the database
    was set up with another key, or if the key is missing.
    """
    with database.reading() as db:
        facts = facts_of(db)
    if KEY_CHECK in facts and not has_key(settings):
        raise BadSettings(
            f"The secret key is missing: this database was set up with one, and {settings.data_dir} has no secret.key. "
            "Restore the file from a backup, or set KEYTRAIL_SECRET_KEY to the key. With a new key no worker would be "
            "recognised."
        )
    if KEY_CHECK not in facts:
        own = check_value(load_keyring(settings).roots.present)
        with database.writing() as db:
            facts = {**facts, KEY_CHECK: _store_once(db, own)}
    if finish_replacing(settings, database):
        _log.warning("The secret key's file is replaced: a rotation was interrupted before that.")
    root = root_secret(settings)
    roots = roots_from(root, facts, utc_now())
    if roots is None:
        raise BadSettings(
            "The secret key is not the one that this database was set up with. Check KEYTRAIL_SECRET_KEY, "
            "KEYTRAIL_DATA_DIR (secret.key) and KEYTRAIL_DATABASE_URL: the key and the database belong together. With "
            "another key no worker would be recognised." + (_ROTATED if LASTING_ROOT in facts else "")
        )
    if is_earlier(root, facts):
        place = settings.data_dir / "secret.key" if settings.secret_key is None else "KEYTRAIL_SECRET_KEY"
        _log.warning("The secret key was rotated, and %s is still the earlier one. Set the new one.", place)
    return Keyring(roots)


def finish_replacing(settings: Settings, database: Database) -> bool:
    """Put the new key's file in its place if the database has changed to it; whether that was left to do.

    Servers and commands may try at the same time. They wait for each other at the check value, so that none of them
    takes the file of the next rotation.
    """
    if settings.secret_key is not None or next_root_secret(settings, make=False) is None:
        return False
    with database.writing() as db:
        fact = db.scalar(select(InstallationFact).where(InstallationFact.name == KEY_CHECK).with_for_update())
        new = next_root_secret(settings, make=False)
        if fact is None or new is None or not hmac.compare_digest(check_value(new), fact.value):
            return False
        use_next_root_secret(settings)
    return True


def keyring_of(root: bytes, database: Database) -> Keyring:
    """Return the keyring for a root secret that is not in the settings. Raises BadSettings if it is the wrong one."""
    with database.reading() as db:
        roots = roots_from(root, facts_of(db), utc_now())
    if roots is None:
        raise BadSettings("This secret key does not belong to this database.")
    return Keyring(roots)


def key_fits(settings: Settings, database: Database) -> bool:
    """Whether the installation has the key that its database was set up with; makes and stores nothing."""
    with database.reading() as db:
        facts = facts_of(db)
    if KEY_CHECK not in facts or not has_key(settings):
        return KEY_CHECK not in facts
    return roots_from(root_secret(settings), facts, utc_now()) is not None


def _store_once(db: Session, value: str) -> str:
    """Store the check value unless another process was faster; return the stored value."""
    db.execute(insert_on_conflict(db, InstallationFact).values(name=KEY_CHECK, value=value).on_conflict_do_nothing())
    return facts_of(db).get(KEY_CHECK, value)
