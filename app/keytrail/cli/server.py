"""`keytrail serve`, `keytrail demo` and `keytrail migrate`."""

from pathlib import Path
from typing import Annotated

import typer

from keytrail.cli.opened import opened
from keytrail.datafolder import prepare_data_folder
from keytrail.db import Database
from keytrail.schema import migrate
from keytrail.settings import load_settings

Host = Annotated[str | None, typer.Option(help="Address to listen on.")]
Port = Annotated[int | None, typer.Option(help="Port to listen on.", min=0, max=65535)]


def serve(host: Host = None, port: Port = None) -> None:
    """Serve the dashboard and the tasks."""
    import uvicorn

    from keytrail.clock import utc_now
    from keytrail.main import create_app
    from keytrail.operations.scraping import serving_metrics
    from keytrail.web.gc_tuning import keep_startup_objects
    from keytrail.web.logs import logging_for
    from keytrail.web.protocol import limited_to

    with opened(host=host, port=port) as at:
        settings = at.settings
    app = create_app(settings)
    keep_startup_objects()
    with serving_metrics(settings, utc_now):
        uvicorn.run(
            app,
            host=settings.host,
            port=settings.port,
            http=limited_to(settings.request_seconds, settings.stall_seconds),
            ws="none",
            server_header=False,
            proxy_headers=True,
            forwarded_allow_ips=list(settings.trusted_proxies),
            log_config=logging_for(settings.log_format),
            access_log=False,
            timeout_graceful_shutdown=settings.stop_seconds,
        )


def demo(
    port: Annotated[int, typer.Option(help="Port of Keytrail; the marketplace's frame gets another.")] = 8000,
    data: Annotated[Path, typer.Option(help="Folder for the demo's database and secrets.")] = Path("data/demo"),
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON line when it is ready.")] = False,
) -> None:
    """Set up and run two studies with simulated work, on this machine only."""
    from keytrail.demo.running import run_demo

    run_demo(port=port, data=data, as_json=as_json)


def migrate_database() -> None:
    """Migrate the database to the newest schema."""
    settings = load_settings()
    prepare_data_folder(settings.data_dir)
    database = Database(settings.database)
    migrate(database.engine)
    database.close()
    print("The database is up to date.")
