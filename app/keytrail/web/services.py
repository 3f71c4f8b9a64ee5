"""What a running server has at hand, and how a route asks for it."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, cast

from fastapi import Depends, Request
from fastapi.concurrency import contextmanager_in_threadpool
from sqlalchemy.orm import Session

from keytrail.child_process import Helper, HelperProcess, InProcessHelper
from keytrail.db import Database
from keytrail.keyring import Keyring
from keytrail.review.analysis.analyst import Analyst
from keytrail.review.replay.drafts import DraftService
from keytrail.sessions.eventlog import LogLimits
from keytrail.settings import Settings
from keytrail.web.audience import audience_of
from keytrail.web.stopping import Stopping
from keytrail.web.turns import Turns


def utc_now() -> datetime:
    """The clock of a server that is not under test."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Services:
    """Built once by create_app; nothing here is global.

    `analyst` analyses what is submitted; `drafts` are what returning workers find. Their processes are not the same, so
    that neither waits for the other.
    """

    settings: Settings
    database: Database
    keyring: Keyring
    clock: Callable[[], datetime]
    analyst: Analyst
    drafts: DraftService
    turns: Turns
    stopping: Stopping = field(default_factory=Stopping)

    def close(self) -> None:
        """End what goes on in other processes."""
        self.analyst.stop()
        self.drafts.close()


def services_of(
    settings: Settings, database: Database, keyring: Keyring, clock: Callable[[], datetime] = utc_now
) -> Services:
    """What a server with these settings has at hand."""
    elsewhere = settings.background == "worker"
    at_once = not settings.analysis_memory_mb and not elsewhere
    analyst = Analyst(database, helper_of(settings, database), clock, at_once=at_once, elsewhere=elsewhere)
    drafts = DraftService(database, helper_of(settings, database))
    return Services(settings, database, keyring, clock, analyst, drafts, Turns(settings.database_connections))


def helper_of(settings: Settings, database: Database) -> Helper:
    """Who does costly work: a child process within the settings' limits, or this process where they say so."""
    if not settings.analysis_memory_mb:
        return InProcessHelper(database)
    url = database.engine.url.render_as_string(hide_password=False)
    return HelperProcess(url, memory_mb=settings.analysis_memory_mb, cpu_seconds=settings.analysis_seconds)


def log_limits_of(settings: Settings) -> LogLimits:
    """How much of a log this installation keeps."""
    return LogLimits(
        page_load_events=settings.page_load_events,
        page_load_characters=settings.page_load_characters,
        session_events=settings.session_events,
        session_characters=settings.session_characters,
    )


def services(request: Request) -> Services:
    """The services of the application that answers this request."""
    return cast("Services", request.app.state.services)


CurrentServices = Annotated[Services, Depends(services)]


def _now(services: CurrentServices) -> datetime:
    return services.clock()


async def _reading(request: Request, services: CurrentServices) -> AsyncIterator[Session]:
    async with (
        services.turns.turn(audience_of(request.url.path)),
        contextmanager_in_threadpool(services.database.reading()) as session,
    ):
        yield session


async def _writing(request: Request, services: CurrentServices) -> AsyncIterator[Session]:
    async with (
        services.turns.turn(audience_of(request.url.path)),
        contextmanager_in_threadpool(services.database.writing()) as session,
    ):
        yield session


Now = Annotated[datetime, Depends(_now)]
# scope="function": the unit of work ends, and commits, before the answer is sent. With FastAPI's default the commit
# would come after it, and a failed one would still have been answered 200.
ReadSession = Annotated[Session, Depends(_reading, scope="function")]
WriteSession = Annotated[Session, Depends(_writing, scope="function")]
