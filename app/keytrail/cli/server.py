"""`keytrail serve`, `keytrail demo` and `keytrail migrate`."""

from pathlib import Path
from typing import Annotated

import typer

from keytrail.cli.installation import open_installation

Host = Annotated[str | None, typer.Option(help="Address to listen on.")]
Port = Annotated[int | None, typer.Option(help="Port to listen on.", min=0, max=65535)]


def serve(
    host: Host = None,
    port: Port = None,
    workers: Annotated[int | None, typer.Option(help="Processes that share the port, on PostgreSQL.", min=1)] = None,
) -> None:
    """Serve the dashboard and the tasks."""
    from keytrail.operations.scraping import shared_by_processes

    with open_installation(host=host, port=port, workers=workers) as at:
        settings = at.settings
    with shared_by_processes(settings.workers):
        from keytrail.cli.web_processes import run_server

        run_server(settings)


def demo(
    port: Annotated[int, typer.Option(help="Port of Keytrail; the marketplace's frame gets another.")] = 8000,
    data: Annotated[Path, typer.Option(help="Folder for the demo's database and secrets.")] = Path("data/demo"),
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON line when it is ready.")] = False,
) -> None:
    """Set up and run studies with simulated work, on this machine only."""
    from keytrail.demo.running import run_demo

    run_demo(port=port, data=data, as_json=as_json)


def migrate_database() -> None:
    """Migrate the database to the newest schema."""
    from keytrail.datafolder import prepare_data_folder
    from keytrail.db import Database
    from keytrail.schema import migrate
    from keytrail.settings import load_settings

    settings = load_settings()
    prepare_data_folder(settings.data_dir)
    database = Database(settings.database)
    migrate(database.engine)
    database.close()
    print("The database is up to date.")
