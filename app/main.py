"""The application: the only place that knows all of its parts."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from threading import Event

from fastapi import FastAPI
from fastapi.middleware.gzip import GZipMiddleware

from app import __version__
from app.db import Database
from app.errors import BadSettings
from app.keyring import load_keyring
from app.migrating import is_current
from app.platform_hooks import router as platform_hooks
from app.requester import install_requester
from app.review.keeping.housekeeping import keep_house
from app.sessions.eventlog import Chain, GroupWriter
from app.settings import Settings
from app.web.cors import WorkerCors
from app.web.errors import install_error_handlers
from app.web.headers import SecurityHeaders
from app.web.pages import Pages
from app.web.services import Services, utc_now
from app.web.static import mount_static
from app.worker import afterwards as worker_afterwards
from app.worker import drafts as worker_drafts
from app.worker import embedding as worker_embedding
from app.worker import leaving as worker_leaving
from app.worker import submission as worker_submission
from app.worker import task as worker_task
from app.worker.events import EventsEndpoint

_log = logging.getLogger("keytrail")


def create_app(settings: Settings, clock: Callable[[], datetime] = utc_now) -> FastAPI:
    """The whole server. Raises BadSettings if the database lacks migrations."""
    database = Database(settings.database)
    if not is_current(database.engine):
        raise BadSettings("The database is not up to date. Run 'keytrail migrate', then start again.")

    services = Services(settings, database, load_keyring(settings), clock)
    chain = Chain(services.keyring)
    writer = GroupWriter(database, chain)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        stopping = Event()
        house = asyncio.create_task(
            asyncio.to_thread(keep_house, database, chain, clock, settings.key_timing_days, stopping)
        )
        yield
        stopping.set()
        await house
        await asyncio.to_thread(writer.close)
        database.close()

    app = FastAPI(
        title="Keytrail",
        version=__version__,
        summary="Studies, submissions and where each character of a text came from.",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    pages = Pages()
    app.state.services = services
    app.state.pages = pages
    install_error_handlers(app, pages)
    # First, because it is asked for a thousand times as often as all others together and routes are tried in order.
    app.routes.append(EventsEndpoint(services, writer).route())
    mount_static(app)
    app.include_router(worker_submission.router)
    app.include_router(worker_drafts.router)
    app.include_router(worker_embedding.router)
    app.include_router(worker_task.router)
    app.include_router(worker_afterwards.router)
    app.include_router(worker_leaving.router)
    app.include_router(platform_hooks)
    install_requester(app)
    app.add_middleware(GZipMiddleware, minimum_size=500, compresslevel=9)
    if settings.embed_origins:
        app.add_middleware(WorkerCors, origins=settings.embed_origins)
    app.add_middleware(SecurityHeaders, settings=settings)
    return app
