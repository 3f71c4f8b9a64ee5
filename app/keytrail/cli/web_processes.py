"""Run the web server: in this process, or in several that share one port."""

import os
from typing import TYPE_CHECKING, Any

import uvicorn
from fastapi import FastAPI

from keytrail.clock import utc_now
from keytrail.errors import BadSettings

if TYPE_CHECKING:
    from keytrail.settings import Settings


def run_server(settings: "Settings") -> None:
    """Serve until SIGTERM or Ctrl+C. Raises BadSettings for what needs PostgreSQL and has none."""
    from keytrail.operations.scraping import serving_metrics
    from keytrail.settings import PREFIX
    from keytrail.web.logs import logging_for
    from keytrail.web.protocol import PatientProtocol

    require_shared_database(settings)
    options: dict[str, Any] = {
        "host": settings.host,
        "port": settings.port,
        "http": PatientProtocol,
        "ws": "none",
        "server_header": False,
        "proxy_headers": False,  # the application does it, after a look at who has connected
        "log_config": logging_for(settings.log_format),
        "access_log": False,
        "timeout_graceful_shutdown": settings.stop_seconds,
    }
    with serving_metrics(settings, utc_now):
        if settings.workers == 1:
            uvicorn.run(_application(settings), **options)
        else:
            # A child reads the settings anew: what the command line says has to be where it looks.
            os.environ |= {f"{PREFIX}HOST": settings.host, f"{PREFIX}PORT": str(settings.port)}
            uvicorn.run("keytrail.cli.web_processes:application", factory=True, workers=settings.workers, **options)


def application() -> FastAPI:
    """What each of several processes serves."""
    from keytrail.settings import load_settings

    return _application(load_settings())


def require_shared_database(settings: "Settings") -> None:
    """Raises BadSettings if several processes are to share an SQLite file."""
    if settings.database.startswith("sqlite") and (settings.workers > 1 or settings.background == "worker"):
        raise BadSettings(
            "SQLite serves one process. Take KEYTRAIL_WORKERS and KEYTRAIL_BACKGROUND away, or move to PostgreSQL "
            "with 'keytrail copy-database'."
        )


def _application(settings: "Settings") -> FastAPI:
    from keytrail.child_process.resource_limits import raise_open_files
    from keytrail.main import create_app
    from keytrail.web.gc_tuning import keep_startup_objects
    from keytrail.web.http_limits import connections_for
    from keytrail.web.protocol import PatientProtocol

    PatientProtocol.most_connections = connections_for(raise_open_files())
    PatientProtocol.request_s, PatientProtocol.stall_s = settings.request_seconds, settings.stall_seconds
    app = create_app(settings)
    keep_startup_objects()
    return app
