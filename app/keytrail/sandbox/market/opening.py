"""Open the market: create the requester's deposit and the system's qualification types."""

from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from keytrail.sandbox.config import SandboxConfig
from keytrail.sandbox.market.account import book
from keytrail.sandbox.market.eligibility import ADULT, SYSTEM_TYPES
from keytrail.sandbox.market.money import to_cents
from keytrail.sandbox.tables import Entry, QualificationType

_ADULT = "You are at least 18 years old and agree to see content that may be offensive."


def open_market(db: Session, config: SandboxConfig, now: datetime) -> None:
    """Create the requester's deposit and the marketplace's own qualification types, if missing.

    Workers can grant themselves one of the latter, Worker_Adult, by declaring that they are adults.
    """
    if not db.scalar(select(exists().where(Entry.kind == "deposit"))):
        book(db, "deposit", to_cents(config.deposit), None, now)
    known = set(db.scalars(select(QualificationType.id).where(QualificationType.system)))
    db.add_all(
        QualificationType(
            id=type_id,
            name=name,
            description=_ADULT if type_id == ADULT else name,
            keywords="",
            system=True,
            active=True,
            auto_granted=type_id == ADULT,
            auto_granted_value=1 if type_id == ADULT else 0,
            created_at=now,
        )
        for type_id, name in SYSTEM_TYPES.items()
        if type_id not in known
    )
