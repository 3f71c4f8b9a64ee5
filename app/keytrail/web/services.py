"""The services of a running server, and the dependencies by which routes get them."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, cast

from fastapi import Depends, Request
from fastapi.concurrency import contextmanager_in_threadpool
from sqlalchemy.orm import Session

from keytrail.child_process import Helper, HelperProcess, InProcessHelper
from keytrail.clock import utc_now
from keytrail.db import Database
from keytrail.keyring import Keyring
from keytrail.review.analysis.analyst import AnalysisSteps, Analyst
from keytrail.review.replay.drafts import DraftService
from keytrail.review.replay.replay_service import ReplayService
from keytrail.sessions.eventlog import LogLimits
from keytrail.settings import Settings
from keytrail.studies.item_file_reader import ItemFileReader
from keytrail.synthetic.training.scoring import examine_log_and_text, store_log_and_text
from keytrail.users.openid import OpenIdProvider, provider_of
from keytrail.web.audience import audience_of
from keytrail.web.stopping import Stopping
from keytrail.web.turns import Turns

OF_LOG_AND_TEXT = AnalysisSteps(examine_log_and_text, store_log_and_text)
"""What becomes of each new submission: its log is analysed, and its text scored if the study has a classifier."""


@dataclass(frozen=True)
class Services:
    """The services of one application, created by create_app; none is global.

    `analyst` analyses submissions, `drafts` restores the texts of returning workers, `replays` serves reviewers, and
    `item_files` reads uploaded tables. Each has a child process of its own, so that none waits for another.
    """

    settings: Settings
    database: Database
    keyring: Keyring
    clock: Callable[[], datetime]
    analyst: Analyst
    drafts: DraftService
    replays: ReplayService
    item_files: ItemFileReader
    turns: Turns
    openid: OpenIdProvider | None = None
    stopping: Stopping = field(default_factory=Stopping)

    def close(self) -> None:
        """End the child processes; an analysis in progress has a moment to finish."""
        self.analyst.stop(self.settings.stop_seconds)
        self.drafts.close()
        self.replays.close()
        self.item_files.close()


def services_of(
    settings: Settings, database: Database, keyring: Keyring, clock: Callable[[], datetime] = utc_now
) -> Services:
    """Create the services for these settings."""
    elsewhere = settings.background == "worker"
    at_once = not settings.analysis_memory_mb and not elsewhere
    helper = helper_of(settings, database)
    analyst = Analyst(database, helper, clock, at_once=at_once, steps=OF_LOG_AND_TEXT, elsewhere=elsewhere)
    drafts = DraftService(database, helper_of(settings, database))
    replays = ReplayService(helper_of(settings, database))
    item_files = ItemFileReader(helper_of(settings, database))
    turns = Turns(settings.database_connections)
    openid = provider_of(settings)
    return Services(settings, database, keyring, clock, analyst, drafts, replays, item_files, turns, openid)


def helper_of(settings: Settings, database: Database) -> Helper:
    """Create the helper for analyses: a child process with limits, or this process if the memory limit is 0."""
    if not settings.analysis_memory_mb:
        return InProcessHelper(database)
    url = database.engine.url.render_as_string(hide_password=False)
    return HelperProcess(url, memory_mb=settings.analysis_memory_mb, cpu_seconds=settings.analysis_seconds)


def log_limits_of(settings: Settings) -> LogLimits:
    """Return the limits on stored logs."""
    return LogLimits(
        page_load_events=settings.page_load_events,
        page_load_characters=settings.page_load_characters,
        session_events=settings.session_events,
        session_characters=settings.session_characters,
    )


def services(request: Request) -> Services:
    """Return the services of the application that handles this request."""
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
# scope="function": the unit of work commits before the answer is sent. With FastAPI's default it would commit
# afterwards, and a failed commit would already have been answered with 200.
ReadSession = Annotated[Session, Depends(_reading, scope="function")]
WriteSession = Annotated[Session, Depends(_writing, scope="function")]
