from collections.abc import Callable
from typing import Any

import pytest

from keytrail.db import Database
from keytrail.errors import BadSettings
from keytrail.key_check import open_keyring
from keytrail.main import create_app
from keytrail.models import InstallationFact
from keytrail.settings import Settings

MakeSettings = Callable[..., Settings]


def test_the_same_key_opens_again_and_again(database: Database, make_settings: MakeSettings) -> None:
    settings = make_settings()
    names = {open_keyring(settings, database).pseudonym("a", "b") for _ in range(3)}
    assert len(names) == 1


def test_a_database_without_a_check_value_gets_it_on_the_first_start(
    database: Database, make_settings: MakeSettings
) -> None:
    settings = make_settings(secret_key="x" * 40)
    open_keyring(settings, database)
    with database.reading() as db:
        (fact,) = db.query(InstallationFact)
    assert "x" * 8 not in fact.value


@pytest.mark.parametrize("change", ["another key", "another file", "a lost file"])
def test_a_wrong_or_lost_key_stops_the_start_with_a_sentence(
    database: Database, make_settings: MakeSettings, database_url: str, change: str
) -> None:
    settings = make_settings(database_url=database_url)
    open_keyring(settings, database)
    file = settings.data_dir / "secret.key"
    changed: dict[str, Any] = {"database_url": database_url}
    if change == "another key":
        changed["secret_key"] = "y" * 40
    elif change == "another file":
        file.write_text("z" * 64)
    else:
        file.unlink()
    with pytest.raises(BadSettings, match=r"The secret key is (missing|not the one).*no worker would be recognised"):
        create_app(make_settings(**changed))
    assert file.exists() == (change != "a lost file")
