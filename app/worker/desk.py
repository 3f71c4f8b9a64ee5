"""What every worker route works with."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends
from sqlalchemy.orm import Session

from app.keyring import Keyring
from app.models import Study, WritingSession
from app.platforms import Finish, Platform, platform_of
from app.sessions.opening import assignment_of
from app.web.services import CurrentServices, Now, Services, WriteSession
from app.worker.tickets import Tickets


@dataclass(frozen=True)
class Desk:
    """One request's unit of work, its moment, and the tickets of this installation."""

    db: Session
    now: datetime
    tickets: Tickets
    services: Services

    @property
    def keyring(self) -> Keyring:
        """The installation's keys."""
        return self.services.keyring

    def platform(self, study: Study) -> Platform:
        """The study's platform with the submit origins of this installation."""
        return platform_of(study.platform, study.platform_options, self.services.settings.submit_origins)

    def finish(self, study: Study, session: WritingSession, receipt: str) -> Finish:
        """How this worker hands the receipt over; the session's identity must be loaded."""
        return self.platform(study).finish(assignment_of(session), receipt)


def _desk(db: WriteSession, now: Now, services: CurrentServices) -> Desk:
    return Desk(db, now, Tickets(services.keyring), services)


CurrentDesk = Annotated[Desk, Depends(_desk)]
