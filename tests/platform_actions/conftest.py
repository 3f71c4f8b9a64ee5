from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from keytrail.db import Database
from keytrail.keyring import Keyring
from keytrail.models import User
from keytrail.settings import Settings
from keytrail.studies import ItemRow, StudyDefinition, add_items, create_study
from tests.platform_actions.market import Market, credentials_file
from tests.sandbox.conftest import (
    ACCESS_KEY,
    SECRET_KEY,
    config,
    connect,
    listener,
    origin,
    requester,
    server,
    sign_up,
    time,
)
from tests.sandbox.running import Time

__all__ = ["config", "connect", "listener", "origin", "requester", "server", "sign_up", "time"]


@pytest.fixture
def market(  # noqa: PLR0917  # fixtures
    server: None,
    origin: str,
    time: Time,
    sqlite_database_url: str,
    keyring: Keyring,
    make_settings: Callable[..., Settings],
    tmp_path: Path,
) -> Iterator[Market]:
    database = Database(sqlite_database_url)
    settings = make_settings(
        mturk_endpoint=origin, mturk_credentials_file=credentials_file(tmp_path, ACCESS_KEY, SECRET_KEY)
    )
    with database.writing() as db:
        owner = User(
            email="o@example.org",
            name="Olivia",
            password_hash="!",
            created_at=time(),
            may_create_studies=True,
            may_spend=True,
        )
        db.add(owner)
        db.flush()
        definition = StudyDefinition(
            title="Night light",
            slug="night",
            instructions="Summarise.",
            minimum_words=1,
            reward="1.00",
            places_per_item=2,
        )
        study = create_study(db, definition, owner, time())
        add_items(db, study, [ItemRow(key=key, text=f"Text {key}") for key in "ab"])
        study_id, owner_id = study.id, owner.id
    yield Market(database, keyring, time, settings, study_id, owner_id)
    database.close()
