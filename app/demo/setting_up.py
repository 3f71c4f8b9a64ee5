"""The demo's database: study, items, a user with a token, and recorded sessions."""

import json
import os
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.progress import track
from sqlalchemy import select

from app.db import Database
from app.demo.reviewing import add_decisions
from app.imports.storing import store_session
from app.imports.wire import read_wire
from app.keyring import Keyring
from app.migrating import migrate
from app.models import Study, Submission
from app.review.analysing.analysis import waiting_for_analysis
from app.review.analysing.background import analyse_stored
from app.studies import add_items, create_study, read_definition, read_items
from app.users.accounts import add_user, user_by_email
from app.users.tokens import create_token

CONTENT = Path(__file__).parent / "content"
EMAIL = "demo@keytrail.example"
_ACCOUNT_FILE = "demo-account.json"


@dataclass(frozen=True)
class DemoAccount:
    """The sign-in and the token of this demo; made up afresh for each data folder."""

    email: str
    password: str
    api_token: str


def set_up_demo(database: Database, keyring: Keyring, folder: Path, now: datetime, console: Console) -> DemoAccount:
    """Migrate and fill the database; what is there already stays."""
    console.print("Preparing the database …")
    migrate(database.engine)
    account = _account(database, folder, now)
    with database.writing() as db:
        definition = read_definition(CONTENT / "study.toml")
        study = db.scalar(select(Study).where(Study.slug == definition.url_name))
        if study is None:
            study = create_study(db, definition, user_by_email(db, EMAIL), now, demo=True)
            add_items(db, study, read_items(CONTENT / "items.jsonl"))
        study_id = study.id
    _add_sessions(database, keyring, study_id, now, console)
    return account


def _account(database: Database, folder: Path, now: datetime) -> DemoAccount:
    path = folder / _ACCOUNT_FILE
    if path.exists():
        return DemoAccount(**json.loads(path.read_text()))
    password = secrets.token_urlsafe(9)
    with database.writing() as db:
        user = add_user(db, EMAIL, "Demo reviewer", password, now)
        account = DemoAccount(EMAIL, password, create_token(db, user, "demo", now))
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(asdict(account), file)
    return account


def _add_sessions(database: Database, keyring: Keyring, study_id: int, now: datetime, console: Console) -> None:
    with database.reading() as db:
        if db.scalar(select(Submission.id).where(Submission.study_id == study_id).limit(1)):
            return
    recorded = [session for path in sorted(CONTENT.glob("sessions*.jsonl.gz")) for session in read_wire(path, now)]
    # All or none: a demo that was stopped while it was made begins anew.
    with database.writing() as db:
        study = db.get_one(Study, study_id)
        for session in track(recorded, description="Adding recorded sessions", console=console, disable=not recorded):
            store_session(db, study, session, keyring, now)
    with database.reading() as db:
        waiting = waiting_for_analysis(db)
    for submission_id in track(waiting, description="Analysing them", console=console, disable=not waiting):
        analyse_stored(database, submission_id, lambda: now)
    with database.writing() as db:
        add_decisions(db, db.get_one(Study, study_id), now)
