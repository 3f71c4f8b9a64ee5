"""The account with which the demo's visitor signs in."""

import json
import os
import secrets
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from keytrail.db import Database
from keytrail.users.accounts import add_user
from keytrail.users.hashing import hash_password
from keytrail.users.rights import Rights
from keytrail.users.tokens import create_token

EMAIL = "demo@keytrail.example"
ACCOUNT_FILE = "demo-account.json"


@dataclass(frozen=True)
class DemoAccount:
    """The sign-in and the token of this demo; created for each data folder."""

    email: str
    password: str = field(repr=False)
    api_token: str = field(repr=False)


def add_account(database: Database, folder: Path, now: datetime) -> DemoAccount:
    """Create the user, and a file with the secrets, of which the database has only hashes (readable by its
    owner only).
    """
    password = secrets.token_urlsafe(9)
    hashed = hash_password(password)
    rights = Rights(create_studies=True, spend=True, operator=True)
    with database.writing() as db:
        user = add_user(db, EMAIL, "Demo requester", hashed, now, rights=rights)
        account = DemoAccount(EMAIL, password, create_token(db, user, "demo", now))
    descriptor = os.open(folder / ACCOUNT_FILE, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(asdict(account), file)
    return account


def read_account(folder: Path) -> DemoAccount:
    """Read the account of an existing demo."""
    return DemoAccount(**json.loads((folder / ACCOUNT_FILE).read_text()))
