"""Limit the writing sessions that begin from one network address within an hour, counted over all server processes.

Addresses are not stored: only a keyed hash of one, which cannot be turned back without the installation's secret key,
and which is deleted once its hour is over.
"""

from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address
from typing import Final

from sqlalchemy import case, delete, select
from sqlalchemy.orm import Session

from keytrail.db import insert_on_conflict
from keytrail.errors import TooMany
from keytrail.keyring import Keyring
from keytrail.language import counted_message
from keytrail.models import AddressCount

_HOUR: Final = timedelta(hours=1)


def require_address_room(db: Session, keyring: Keyring, address: str, most: int, now: datetime) -> None:
    """Raises TooMany, with when to try again, if this address has begun as many sessions as it may in its hour."""
    found = db.get(AddressCount, _network(keyring, address))
    if found is None or found.began_at <= now - _HOUR or found.sessions < most:
        return
    minutes = int((found.began_at + _HOUR - now).total_seconds() // 60) + 1
    raise TooMany(
        counted_message(
            "%(most)s tasks were begun from your network within an hour, more than this server takes at a time. "
            "Many people may share one network. Please try again in %(count)s minute; this does not count against "
            "you.",
            "%(most)s tasks were begun from your network within an hour, more than this server takes at a time. "
            "Many people may share one network. Please try again in %(count)s minutes; this does not count against "
            "you.",
            minutes,
            most=most,
        ),
        code="network_busy",
        detail={"retry_after_seconds": minutes * 60},
    )


def count_beginning(db: Session, keyring: Keyring, address: str, now: datetime) -> None:
    """One more began from this address. An hour begins with its first; what is over is deleted on this occasion."""
    over = AddressCount.began_at <= now - _HOUR
    first = insert_on_conflict(db, AddressCount).values(network=_network(keyring, address), began_at=now, sessions=1)
    db.execute(
        first.on_conflict_do_update(
            index_elements=[AddressCount.network],
            set_={
                "sessions": case((over, 1), else_=AddressCount.sessions + 1),
                "began_at": case((over, now), else_=AddressCount.began_at),
            },
        )
    )
    # Not what others are writing at this moment: two who wait for each other's rows would wait for ever.
    past = select(AddressCount.network).where(over).with_for_update(skip_locked=True)
    db.execute(delete(AddressCount).where(AddressCount.network.in_(past)))


def network_of(address: str) -> str:
    """What counts as one address: an IPv4 address, or the first 64 bits of an IPv6 address."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        return str(parsed.ipv4_mapped or IPv6Address(int(parsed) >> 64 << 64))
    return str(parsed)


def _network(keyring: Keyring, address: str) -> str:
    return keyring.pseudonym("beginnings by network", network_of(address), length=32)
