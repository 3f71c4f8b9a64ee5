"""The context of every worker route."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Request
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload
from starlette.datastructures import State

from keytrail.errors import Forbidden
from keytrail.keyring import Keyring
from keytrail.language import ENGLISH, Language, language_named, message
from keytrail.models import Study, WritingSession
from keytrail.platforms import Finish, Platform, platform_of
from keytrail.platforms.prolific_token import StudyKeys
from keytrail.sessions.lifecycle import assignment_of, session_with_nonce
from keytrail.settings import Settings
from keytrail.studies import study_of_task
from keytrail.web.services import CurrentServices, Now, Services, WriteSession
from keytrail.worker.tickets import Ticket, Tickets


class Gate:
    """State shared by all requests of workers: the keys of secure links."""

    def __init__(self, settings: Settings) -> None:
        self.keys = StudyKeys(settings.prolific_keys)


@dataclass(frozen=True)
class WorkerContext:
    """One request's unit of work, time and network address, and the installation's services."""

    db: Session
    now: datetime
    tickets: Tickets
    services: Services
    address: str
    keys: StudyKeys
    state: State

    def study(self, slug: str) -> Study:
        """The study at an address; from here on the worker is spoken to in its language. Raises NotFound."""
        return self.speak_for(study_of_task(self.db, slug))

    def speak_for(self, study: Study) -> Study:
        """Say whatever this request has to say, errors too, in a study's language."""
        self.state.language = language_named(study.language)
        return study

    @property
    def language(self) -> Language:
        """The language of the study that this request is about."""
        found: Language = getattr(self.state, "language", ENGLISH)
        return found

    @property
    def keyring(self) -> Keyring:
        """The installation's keys."""
        return self.services.keyring

    def platform(self, study: Study) -> Platform:
        """Return the study's platform with the submit origins of this installation."""
        return platform_of(study.platform, study.platform_options, self.services.settings.submit_origins)

    def finish(self, study: Study, session: WritingSession, receipt: str) -> Finish:
        """Return how this worker hands the receipt over; the session's identity must be loaded."""
        return self.platform(study).finish(assignment_of(session), receipt)

    def session_of(self, slug: str, token: str) -> tuple[Study, WritingSession, Ticket]:
        """The session that a page's ticket names, with its item and identity. Raises Forbidden for another study's."""
        study = self.study(slug)
        ticket = self.tickets.read_writing(token, self.now)
        require_study(ticket.study_id, study)
        return study, self.session(ticket, WritingSession.item, WritingSession.identity), ticket

    def session(self, ticket: Ticket, *loaded: InstrumentedAttribute[Any]) -> WritingSession:
        """Return the session for which a ticket was issued. Raises NotFound if it was erased."""
        options = [joinedload(related) for related in loaded]
        return session_with_nonce(self.db, ticket.session_id, ticket.nonce, options)


def require_study(ticket_study_id: int, study: Study) -> None:
    """Raises Forbidden if a ticket was issued for another study than the address names."""
    if ticket_study_id != study.id:
        raise Forbidden(message("This page belongs to another study. Open the task again."), code="ticket_foreign")


def _context(request: Request, db: WriteSession, now: Now, services: CurrentServices) -> WorkerContext:
    gate: Gate = request.app.state.gate
    address = request.client.host if request.client else ""
    return WorkerContext(db, now, Tickets(services.keyring), services, address, gate.keys, request.state)


CurrentContext = Annotated[WorkerContext, Depends(_context)]
