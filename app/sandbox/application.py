from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from app.resources import STATIC, TEMPLATES
from app.sandbox.clock import Clock, utc_now
from app.sandbox.config import SandboxConfig
from app.sandbox.site import problems, submit, tryout
from app.sandbox.site.desk import Desk
from app.sandbox.site.headers import SafeHeaders
from app.sandbox.site.render import Pages
from app.sandbox.store import Store


def create_sandbox(config: SandboxConfig, clock: Clock = utc_now) -> FastAPI:
    """The marketplace as an ASGI application of its own; serve it on another origin than Keytrail.

    Opens (and creates, if need be) the database at once. Raises BadSettings if the file is of another version.
    """
    desk = Desk(config=config, store=Store(config.database), pages=Pages(TEMPLATES / "sandbox"), clock=clock)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        desk.store.close()

    app = FastAPI(title="Sandbox marketplace", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    app.state.desk = desk
    app.add_middleware(SafeHeaders)
    app.include_router(tryout.router)
    app.include_router(submit.router)
    app.mount("/static", StaticFiles(directory=STATIC / "sandbox"), name="static")
    problems.install(app, desk)
    return app
