"""The requester's account at the sandbox market: credentials, in a file in AWS's format."""

import os
import secrets
from configparser import ConfigParser
from configparser import Error as UnreadableFile
from dataclasses import dataclass, field
from pathlib import Path

from keytrail.errors import BadSettings

_FILE = "aws-credentials"


@dataclass(frozen=True)
class MarketAccount:
    """The requester's key and secret, and their file."""

    file: Path
    access_key: str
    secret_key: str = field(repr=False)


def market_account(folder: Path) -> MarketAccount:
    """Return the credentials of this folder; created on first use, readable by their owner only (mode 600).

    Raises BadSettings if the file is damaged.
    """
    path = folder / _FILE
    if not path.exists():
        _write(path)
    parser = ConfigParser(interpolation=None)
    try:
        parser.read(path)
        found = parser["default"]
        return MarketAccount(path, found["aws_access_key_id"], found["aws_secret_access_key"])
    except (UnreadableFile, KeyError) as error:
        raise BadSettings(f"{path} is damaged. Remove it, and new credentials are made.") from error


def _write(path: Path) -> None:
    key, secret = f"AKIA{secrets.token_hex(8).upper()}", secrets.token_urlsafe(30)
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(f"[default]\naws_access_key_id = {key}\naws_secret_access_key = {secret}\n")
