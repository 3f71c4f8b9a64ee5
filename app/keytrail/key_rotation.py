"""Replace the secret key while servers run, without losing pseudonyms.

What the database keeps, in `installation_facts`:

| name | value |
|---|---|
| `key_check` | check value of the present root, which belongs into the settings |
| `lasting_root` | the installation's first root, encrypted under the present one; from the first rotation on |
| `rotation` | the rotation in progress: its times, the earlier check value, and each root encrypted under the other |

A process that has either root can therefore compute the other. All accept both from the moment they look, and sign with
the new one from `active_from` on, when all have looked (keytrail/operations/key_watch.py). After `until` the earlier
root is forgotten. A rotation that keeps nothing stores neither root: whoever has the earlier one learns nothing.
"""

import base64
import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Final

from cryptography.fernet import Fernet
from sqlalchemy import Connection, delete, select
from sqlalchemy.orm import Session

from keytrail.db import insert_on_conflict
from keytrail.errors import BadSettings, Conflict
from keytrail.keyring import Roots, derived_key
from keytrail.models import InstallationFact

KEY_CHECK: Final = "key_check"
LASTING_ROOT: Final = "lasting_root"
ROTATION: Final = "rotation"
LOOK_EVERY_S: Final = 20
LEARNING: Final = timedelta(seconds=3 * LOOK_EVERY_S)


@dataclass(frozen=True)
class Rotation:
    """A rotation in progress; times are Unix seconds."""

    earlier_check: str
    active_from: float
    until: float
    new_for_earlier: str
    earlier_for_new: str


def check_value(root: bytes) -> str:
    """Return a value that shows whether a root is the right one, and from which it cannot be computed."""
    return derived_key(root, "check value").hex()


def facts_of(db: Session | Connection) -> Mapping[str, str]:
    """Everything that is stored about keys."""
    rows = db.execute(
        select(InstallationFact.name, InstallationFact.value).where(
            InstallationFact.name.in_((KEY_CHECK, LASTING_ROOT, ROTATION))
        )
    )
    return {name: value for name, value in rows}  # noqa: C416  # rows are no pairs to mypy


def roots_from(root: bytes, facts: Mapping[str, str], now: datetime) -> Roots | None:
    """Return the roots of an installation whose settings have `root`; None if it is the wrong one."""
    rotation = rotation_in(facts)
    at = now.timestamp()
    own = check_value(root)
    if hmac.compare_digest(own, facts.get(KEY_CHECK, own)):
        present = root
    elif rotation is not None and at < rotation.until and hmac.compare_digest(own, rotation.earlier_check):
        present = _decrypt(root, rotation.new_for_earlier)
    else:
        return None
    sealed = facts.get(LASTING_ROOT)
    lasting = _decrypt(present, sealed) if sealed else present
    if rotation is None:
        return Roots(present, lasting)
    # Also for the seconds between its time and settle_rotation: what is encrypted under it has to be read till then.
    return Roots(present, lasting, _decrypt(present, rotation.earlier_for_new), earlier_signs=at < rotation.active_from)


def is_earlier(root: bytes, facts: Mapping[str, str]) -> bool:
    """Whether the settings still have the root before the present one."""
    return not hmac.compare_digest(check_value(root), facts.get(KEY_CHECK, ""))


def begin_rotation(db: Session, root: bytes, new: bytes, keep: timedelta, now: datetime) -> Roots:
    """Make `new` the present root; `root`, the one so far, is accepted for the time `keep`. Returns the roots.

    Raises Conflict while another rotation is in progress, BadSettings if `root` is not the present one.
    """
    require_no_rotation(db)
    facts = {
        fact.name: fact.value
        for fact in db.scalars(
            select(InstallationFact).where(InstallationFact.name.in_((KEY_CHECK, LASTING_ROOT))).with_for_update()
        )
    }
    roots = roots_from(root, facts, now)
    if roots is None or hmac.compare_digest(root, new):
        raise BadSettings("The secret key in the settings is not the present one, or the new key is the same.")
    rotation = Rotation(
        earlier_check=check_value(root),
        active_from=(now + LEARNING).timestamp(),
        until=(now + keep).timestamp(),
        new_for_earlier=_encrypt(root, new),
        earlier_for_new=_encrypt(new, root),
    )
    _store(db, KEY_CHECK, check_value(new))
    _store(db, LASTING_ROOT, _encrypt(new, roots.lasting))
    if keep:
        _store(db, ROTATION, json.dumps(asdict(rotation)))
    return Roots(new, roots.lasting, root, earlier_signs=bool(keep))


def require_no_rotation(db: Session) -> None:
    """Raises Conflict while a rotation is in progress."""
    if hold_rotation(db) is not None:
        raise Conflict(
            "The secret key was replaced, and the key before it is still accepted. To replace it once more, wait until "
            "that time is over, or end it with 'keytrail rotate-key --finish'.",
            code="rotating",
        )


def hold_rotation(db: Session) -> Rotation | None:
    """The rotation in progress, locked until the unit of work ends."""
    fact = db.scalar(select(InstallationFact).where(InstallationFact.name == ROTATION).with_for_update())
    return rotation_in({ROTATION: fact.value}) if fact else None


def end_rotation(db: Session) -> None:
    """Forget the earlier root."""
    db.execute(delete(InstallationFact).where(InstallationFact.name == ROTATION))


def rotation_in(facts: Mapping[str, str]) -> Rotation | None:
    """The rotation in progress, if any."""
    stored = facts.get(ROTATION)
    return Rotation(**json.loads(stored)) if stored else None


def _store(db: Session, name: str, value: str) -> None:
    insert = insert_on_conflict(db, InstallationFact).values(name=name, value=value)
    db.execute(insert.on_conflict_do_update(index_elements=[InstallationFact.name], set_={"value": value}))


def _encrypt(root: bytes, content: bytes) -> str:
    return _sealing(root).encrypt(content).decode()


def _decrypt(root: bytes, sealed: str) -> bytes:
    return _sealing(root).decrypt(sealed.encode())


def _sealing(root: bytes) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(derived_key(root, "root of a rotation")))
