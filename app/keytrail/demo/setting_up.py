"""Set up a new demo completely or not at all: it is built in a temporary folder and moved into place."""

import shutil
import socket
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from rich.console import Console
from sqlalchemy import select

from keytrail.db import Database
from keytrail.demo.filling.account import DemoAccount, add_account, read_account
from keytrail.demo.filling.context import DemoContext
from keytrail.demo.filling.marketplace import lead_tasks_to, marketplace
from keytrail.demo.filling.scenario import opening_time, run_scenario
from keytrail.demo.studies import RECORDED
from keytrail.key_check import open_keyring
from keytrail.models import Study
from keytrail.platform_actions.performing import Connections
from keytrail.sandbox import SandboxConfig
from keytrail.schema import migrate
from keytrail.settings import Settings
from keytrail.users.accounts import user_by_email

DATABASE = "keytrail.sqlite3"
_UNFINISHED = "unfinished"


def set_up_demo(
    settings: Settings, config: SandboxConfig, listener: socket.socket | None, now: datetime, console: Console
) -> DemoAccount:
    """Fill a folder that has no demo yet, or migrate an existing one, keeping its data.

    `listener` is the marketplace's socket; it is left open. Without it the new demo has no work.
    """
    folder = settings.data_dir
    if not (folder / DATABASE).exists():
        _make(settings, config, listener, now, console)
    database = Database(settings.database)
    migrate(database.engine)
    database.close()
    lead_tasks_to(config, settings.public_url)
    return read_account(folder)


def try_urls(settings: Settings) -> Mapping[str, str]:
    """Return each study's address for trying it, by its name. A folder of an older version may have fewer."""
    database = Database(settings.database)
    with database.reading() as db:
        present = db.scalars(select(Study.slug).where(Study.slug.in_([study.slug for study in RECORDED]))).all()
    database.close()
    return {slug: f"{settings.public_url}/task/{slug}" for slug in present}


def _make(
    settings: Settings, config: SandboxConfig, listener: socket.socket | None, now: datetime, console: Console
) -> None:
    unfinished = settings.data_dir / _UNFINISHED
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir()
    console.print("Making a demonstration: studies, simulated work, a marketplace …")
    database = Database(f"sqlite:///{(unfinished / DATABASE).absolute()}")
    migrate(database.engine)
    account = add_account(database, unfinished, now)
    if listener is None:
        with database.writing() as db:
            for study in RECORDED:
                study.add(db, user_by_email(db, account.email), now)
    else:
        beside = replace(config, database=unfinished / config.database.name)
        with marketplace(beside, listener.dup(), opening_time(now)) as market:
            run_scenario(
                DemoContext(database, open_keyring(settings, database), settings, market, Connections(settings)),
                now,
                console,
            )
    database.close()
    # The database is moved last: where it is, everything is.
    for file in sorted(unfinished.iterdir(), key=lambda file: file.name == DATABASE):
        file.replace(settings.data_dir / file.name)
    unfinished.rmdir()
