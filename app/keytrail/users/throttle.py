"""Throttle password guessing without locking the right person out.

Every attempt is counted before its password is checked, in one statement for each subject, so that concurrent attempts
are counted one after the other on both databases. A successful attempt is uncounted.

| attempts from | most in a quarter of an hour | applies to |
|---|---|---|
| one device that signed in to this account before | 10 | that device alone |
| one address at one account | 5 | other devices at that address |
| one address at any accounts | 20 | other devices at that address |
| one account, from anywhere | 25 | other devices |
| whoever is signed in already and has to repeat the password | 10 | that account's own page |

OWASP ASVS 4.0.3, 2.2.1 allows no more than 100 failed attempts an hour at one account, which the last limit ensures. It
is the only one by which others, who need several addresses for it, could lock a person out: of unknown devices.
"""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, delete, update
from sqlalchemy.orm import Session

from keytrail.db import insert_on_conflict
from keytrail.errors import TooMany
from keytrail.keyring import Keyring
from keytrail.models import SignInCount

WINDOW = timedelta(minutes=15)
PER_DEVICE = 10
PER_ADDRESS_AND_ACCOUNT = 5
PER_ADDRESS = 20
PER_ACCOUNT = 25
PER_CONFIRMATION = 10
LINKS_PER_ADDRESS = 10
LINKS_PER_ACCOUNT = 3
"""Forgotten-password links within the same time."""
_IPV6_PREFIX = 64
"""Bits of an IPv6 address that identify a customer (RFC 6177): the rest is theirs to choose."""


@dataclass(frozen=True)
class Limit:
    """A number of attempts for one subject."""

    subject: str
    most: int


def limits_for(keyring: Keyring, email: str, address: str, device: str | None) -> Sequence[Limit]:
    """Return the limits of an attempt at this account from this address; `device` is None if unknown."""
    account = email.strip().lower()
    if device is not None:
        return [Limit(keyring.pseudonym("sign-in device", f"{account} {device}"), PER_DEVICE)]
    client = client_of(address)
    return [
        Limit(keyring.pseudonym("sign-in address and account", f"{client} {account}"), PER_ADDRESS_AND_ACCOUNT),
        Limit(keyring.pseudonym("sign-in address", client), PER_ADDRESS),
        Limit(keyring.pseudonym("sign-in account", account), PER_ACCOUNT),
    ]


def confirmation_limits(keyring: Keyring, user_id: int) -> Sequence[Limit]:
    """Return the limits of repeating one's own password: whoever found an open browser could guess it otherwise."""
    return [Limit(keyring.pseudonym("password confirmation", str(user_id)), PER_CONFIRMATION)]


def forgotten_limits(keyring: Keyring, email: str, address: str) -> Sequence[Limit]:
    """Return the limits of a request for a forgotten-password link, whether or not the account exists."""
    account = email.strip().lower()
    return [
        Limit(keyring.pseudonym("password link address", client_of(address)), LINKS_PER_ADDRESS),
        Limit(keyring.pseudonym("password link account", account), LINKS_PER_ACCOUNT),
    ]


def check(db: Session, limits: Sequence[Limit], now: datetime) -> None:
    """Raises TooMany if a limit is reached. Writes nothing, so that a flood of refused attempts is cheap."""
    for limit in limits:
        found = db.get(SignInCount, limit.subject)
        if found is not None and found.began_at > now - WINDOW and found.tries >= limit.most:
            raise _too_many(found.began_at, now)


def count(db: Session, limits: Sequence[Limit], now: datetime) -> None:
    """Count one attempt at each limit. Raises TooMany if that exceeds one of them."""
    # In one order, so that two tries at once do not wait for each other.
    for limit in sorted(limits, key=lambda limit: limit.subject):
        tries, began_at = _add_one(db, limit.subject, now)
        if tries > limit.most:
            raise _too_many(began_at, now)


def take_back(db: Session, limits: Sequence[Limit], now: datetime) -> None:
    """Uncount a successful attempt, and delete expired counts."""
    subjects = sorted(limit.subject for limit in limits)
    for subject in subjects:
        db.execute(update(SignInCount).where(SignInCount.subject == subject).values(tries=SignInCount.tries - 1))
    db.execute(delete(SignInCount).where(SignInCount.began_at <= now - WINDOW))


def _add_one(db: Session, subject: str, now: datetime) -> tuple[int, datetime]:
    over = SignInCount.began_at <= now - WINDOW
    statement = insert_on_conflict(db, SignInCount).values(subject=subject, began_at=now, tries=1)
    counted = statement.on_conflict_do_update(
        index_elements=[SignInCount.subject],
        set_={
            "tries": case((over, 1), else_=SignInCount.tries + 1),
            "began_at": case((over, now), else_=SignInCount.began_at),
        },
    )
    row = db.execute(counted.returning(SignInCount.tries, SignInCount.began_at)).one()
    return row[0], row[1]


def _too_many(began_at: datetime, now: datetime) -> TooMany:
    seconds = max(int((began_at + WINDOW - now).total_seconds()), 1)
    minutes = -(-seconds // 60)
    return TooMany(
        f"Too many attempts to sign in. Please wait {minutes} minute{'s' if minutes > 1 else ''}, or sign in from a "
        "browser in which you have signed in before.",
        code="throttled",
        retry_after=seconds,
    )


def client_of(address: str) -> str:
    """Return whom an address stands for: itself, or its network for IPv6."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if found.version == 4:  # noqa: PLR2004  # the other is 6
        return str(found)
    return str(found.ipv4_mapped or ipaddress.ip_network((found, _IPV6_PREFIX), strict=False).network_address)
