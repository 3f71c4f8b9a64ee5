from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from keytrail.sandbox.config import SandboxConfig
from keytrail.sandbox.market.account import book
from keytrail.sandbox.market.eligibility import SYSTEM_TYPES
from keytrail.sandbox.market.money import to_cents
from keytrail.sandbox.tables import Entry, QualificationType


def open_market(db: Session, config: SandboxConfig, now: datetime) -> None:
    """What a new marketplace starts with: the requester's deposit and the marketplace's own qualification types."""
    if db.scalar(select(exists().where(Entry.kind == "deposit"))):
        return
    book(db, "deposit", to_cents(config.deposit), None, now)
    db.add_all(
        QualificationType(
            id=type_id,
            name=name,
            description=name,
            keywords="",
            system=True,
            active=True,
            auto_granted=False,
            auto_granted_value=0,
            created_at=now,
        )
        for type_id, name in SYSTEM_TYPES.items()
    )
