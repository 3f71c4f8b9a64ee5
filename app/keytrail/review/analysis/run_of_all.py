"""When an analysis of all submissions began, so that it can continue after an interruption."""

from datetime import datetime
from typing import Final

from sqlalchemy import delete
from sqlalchemy.orm import Session

from keytrail.models import InstallationFact
from keytrail.provenance import ANALYSIS_VERSION

_BEGAN: Final = "analysis_of_all"


def unfinished_run(db: Session) -> datetime | None:
    """Return when the interrupted run with this analysis version began; None if there is none."""
    fact = db.get(InstallationFact, _BEGAN)
    if fact is None:
        return None
    version, _, began = fact.value.partition(" ")
    return datetime.fromisoformat(began) if version == ANALYSIS_VERSION else None


def begin_run(db: Session, now: datetime) -> None:
    """Record that a run begins, in place of an earlier one."""
    db.merge(InstallationFact(name=_BEGAN, value=f"{ANALYSIS_VERSION} {now.isoformat()}"))


def finish_run(db: Session) -> None:
    """Record that every submission of the run was tried."""
    db.execute(delete(InstallationFact).where(InstallationFact.name == _BEGAN))
