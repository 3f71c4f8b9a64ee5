"""Create the sandbox application."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.responses import FileResponse
from starlette.staticfiles import StaticFiles

from keytrail.resources import STATIC, TEMPLATES
from keytrail.sandbox.api.contract import Contract
from keytrail.sandbox.api.endpoint import Endpoint
from keytrail.sandbox.api.signature import SignatureCheck
from keytrail.sandbox.clock import Clock, utc_now
from keytrail.sandbox.config import SandboxConfig
from keytrail.sandbox.market.opening import open_market
from keytrail.sandbox.site import (
    content,
    earned,
    inbox,
    listing,
    problems,
    qualifying,
    queue,
    sign_in,
    submit,
    task,
    tryout,
)
from keytrail.sandbox.site.content_host import ContentHost
from keytrail.sandbox.site.context import SandboxContext
from keytrail.sandbox.site.headers import BodyLimit, SafeHeaders
from keytrail.sandbox.site.hosts import OwnHosts
from keytrail.sandbox.site.render import Pages
from keytrail.sandbox.store import Store


def create_sandbox(config: SandboxConfig, clock: Clock = utc_now, wall_clock: Clock = utc_now) -> FastAPI:
    """Create the marketplace as a separate ASGI application; serve it on another origin than Keytrail.

    Opens the database at once, creating it if needed. `clock` is the marketplace's time; `wall_clock` is the time by
    which requests are signed, and stays real where a test makes the marketplace's time jump. Raises BadSettings if the
    database is of another version.
    """
    context = SandboxContext(
        config=config, store=Store(config.database), pages=Pages(TEMPLATES / "sandbox"), clock=clock
    )
    with context.store.unit() as db:
        open_market(db, config, clock())
    check = SignatureCheck(config.access_key, config.secret_key, wall_clock)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        context.store.close()

    app = FastAPI(title="Sandbox marketplace", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    app.state.context = context
    app.add_middleware(BodyLimit)
    app.add_middleware(ContentHost, config=config)
    app.add_middleware(OwnHosts, config=config)
    app.add_middleware(SafeHeaders)
    app.add_route("/", Endpoint(context, check, Contract()).receive, methods=["POST"])
    for part in (tryout, submit, listing, task, queue, earned, inbox, qualifying, content, sign_in):
        app.routes.extend(part.router.routes)  # include_router would analyse each route's parameters once more
    app.add_api_route("/static/tokens.css", _tokens, methods=["GET", "HEAD"])
    app.mount("/static", StaticFiles(directory=STATIC / "sandbox"), name="static")
    problems.install(app, context)
    return app


def _tokens() -> FileResponse:
    return FileResponse(STATIC / "tokens.css")
