"""The main entry point: create the application; the only module that knows all of its parts."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial

from fastapi import FastAPI
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from keytrail import __version__
from keytrail.clock import utc_now
from keytrail.db import Database
from keytrail.errors import BadSettings
from keytrail.jobs import BackgroundWork
from keytrail.key_check import open_keyring
from keytrail.operations.key_watch import KeyWatch
from keytrail.operations.readiness import Readiness
from keytrail.operations.tracing import start_tracing, telemetry_of
from keytrail.platform_hooks import router as platform_hooks
from keytrail.requester import install_requester
from keytrail.requester.people.access import is_signed_in
from keytrail.schema_version import require_current
from keytrail.sessions.eventlog import Chain, GroupWriter
from keytrail.settings import Settings
from keytrail.web.audience import is_probe
from keytrail.web.compression import Compression
from keytrail.web.errors import answer_to, install_error_handlers
from keytrail.web.forwarded import ForwardedHeaders
from keytrail.web.head import HeadAsGet
from keytrail.web.headers import SecurityHeaders, WorkerCors
from keytrail.web.health import router as health
from keytrail.web.hosts import KnownHosts
from keytrail.web.pages import Pages
from keytrail.web.proxy_identity_headers import ProxyIdentityHeaders
from keytrail.web.request_body import Bodies
from keytrail.web.requests import Answer, Failures, RequestIds
from keytrail.web.routes import add_routes
from keytrail.web.services import log_limits_of, services_of
from keytrail.web.static import mount_static
from keytrail.web.stopping import STOPPING
from keytrail.worker import install_worker
from keytrail.worker.context import Gate

_log = logging.getLogger("keytrail")


def create_app(settings: Settings, clock: Callable[[], datetime] = utc_now) -> FastAPI:
    """Create the server. Raises BadSettings if the database lacks migrations or was set up with another secret key."""
    database = Database(settings.database, settings.database_connections)
    try:
        require_current(database.engine)
        keyring = open_keyring(settings, database)
    except BadSettings:
        database.close()
        raise

    services = services_of(settings, database, keyring, clock)
    chain = Chain(services.keyring)
    writer = GroupWriter(database, chain, of_a_log=log_limits_of(settings))

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[Mapping[str, object]]:
        work = BackgroundWork(database, keyring, services.analyst, settings, clock)
        watch = KeyWatch(settings, database, keyring, clock)
        watch.start()
        if settings.background == "inside":
            work.start()
        yield {STOPPING: services.stopping}
        await asyncio.to_thread(watch.stop)
        await asyncio.to_thread(work.stop)
        await asyncio.to_thread(services.close)
        await asyncio.to_thread(writer.close)
        database.close()

    app = FastAPI(
        title="Keytrail",
        version=__version__,
        summary="Studies, submissions and where each character of a text came from.",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,  # they would use the Host header; web/errors.py redirects relatively
        form_limits={"max_part_size": settings.max_upload_bytes},  # web/request_body.py limits whole bodies
        lifespan=lifespan,
        telemetry=telemetry_of(start_tracing(database), exclude=is_probe),
    )
    pages = Pages()
    app.state.services = services
    app.state.pages = pages
    app.state.gate = Gate(settings)
    app.state.readiness = Readiness(database, settings.data_dir, clock)
    install_error_handlers(app, pages)
    install_worker(app, services, writer)
    mount_static(app)
    add_routes(app, health, platform_hooks)
    install_requester(app)
    _install_middleware(app, settings, partial(answer_to, pages))
    return app


def _install_middleware(app: FastAPI, settings: Settings, answer: Answer) -> None:
    """Add middleware from the inside out, so that every response, including the middleware's own, has headers and an
    id.
    """
    app.add_middleware(Bodies, settings=settings, answer=answer, may_upload=is_signed_in)
    app.add_middleware(Failures, answer=answer)
    app.add_middleware(Compression)
    app.add_middleware(WorkerCors, origins=settings.embed_origins)
    app.add_middleware(KnownHosts, settings=settings, answer=answer)
    app.add_middleware(SecurityHeaders, settings=settings)
    app.add_middleware(HeadAsGet)
    app.add_middleware(RequestIds)
    app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=list(settings.trusted_proxies))
    app.add_middleware(ProxyIdentityHeaders, settings=settings)
    app.add_middleware(ForwardedHeaders, settings=settings)
