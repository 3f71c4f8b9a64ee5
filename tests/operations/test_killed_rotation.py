"""The command that replaces the secret key is killed between any two of its steps, while a server runs."""

import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from keytrail.cli import app
from keytrail.clock import utc_now
from keytrail.db import Database
from keytrail.errors import BadSettings, Conflict, DomainError
from keytrail.key_rotation import LEARNING
from keytrail.keyring import Keyring
from keytrail.settings import Settings
from tests.cli.running import clean_environment
from tests.conftest import FakeClock
from tests.operations.dying_rotation import CHANGED, REPLACED, STEPS, UNCHANGED
from tests.test_key_rotation import NEW, OLD, Server

AT_ONCE = ("--keep-hours", "0")
MakeSettings = Callable[..., Settings]
KEPT = pytest.mark.parametrize("keep", [(), AT_ONCE], ids=["earlier key kept", "earlier key void"])


class Installation:
    """A database with its data folder, a server that has been running since before the rotation, and the command."""

    def __init__(self, make_settings: MakeSettings, url: str, **key: str) -> None:
        self._make, self._url = make_settings, url
        self.data = make_settings().data_dir
        self.database = Database(url)
        self.clock = FakeClock()
        self.clock.now = utc_now()
        self.server = Server(self.settings(**key), self.database, self.clock)
        self.names = pseudonyms(self.server.keyring)

    def settings(self, **key: str) -> Settings:
        return self._make(database_url=self._url, **key)

    def killed(self, step: str, *arguments: str, **environment: str) -> None:
        """Run the command until it is killed at a step."""
        done = subprocess.run(
            [sys.executable, "-m", "tests.operations.dying_rotation", step, "rotate-key", *arguments],
            env=clean_environment(self.data) | {"KEYTRAIL_DATABASE_URL": self._url} | environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == -signal.SIGKILL, done.stdout + done.stderr

    def again(self, *arguments: str, **environment: str) -> str:
        """Run the command to its end, in this process."""
        data = {"KEYTRAIL_DATA_DIR": str(self.data), "KEYTRAIL_DATABASE_URL": self._url}
        done = CliRunner().invoke(app, ["rotate-key", *arguments], env=data | environment)
        if isinstance(done.exception, DomainError):
            raise done.exception
        assert done.exit_code == 0, done.exception
        return done.output

    def keys(self) -> dict[str, str]:
        """The files with keys, but for one that never got its name."""
        return {file.name: file.read_text() for file in self.data.glob("secret*")}

    def started(self, **key: str) -> Server:
        """A server that starts now."""
        return Server(self.settings(**key), self.database, self.clock)


def pseudonyms(keyring: Keyring) -> list[object]:
    return [keyring.pseudonym("worker", "W1"), keyring.key("evidence")]


@pytest.fixture
def by_file(make_settings: MakeSettings, sqlite_database_url: str) -> Installation:
    return Installation(make_settings, sqlite_database_url)


@pytest.fixture
def by_setting(make_settings: MakeSettings, database_url: str, tmp_path: Path) -> Installation:
    (tmp_path / "new key").write_text(NEW)
    return Installation(make_settings, database_url, secret_key=OLD)


@KEPT
@pytest.mark.parametrize("step", STEPS)
def test_nothing_is_lost_and_the_command_can_be_run_again(
    by_file: Installation, step: str, keep: tuple[str, ...]
) -> None:
    at, void = by_file, keep == AT_ONCE
    before = at.keys()["secret.key"]
    ticket = at.server.ticket()
    at.killed(step, *keep)
    begun = at.keys()
    at.server.watch.look()
    changed = step in {CHANGED, REPLACED}
    assert at.server.takes(ticket) != (void and changed), "the running server"
    assert pseudonyms(at.server.keyring) == at.names
    started = at.started()
    assert pseudonyms(started.keyring) == at.names
    assert started.takes(at.server.ticket())
    assert at.server.takes(started.ticket())
    if changed:
        assert at.keys() == {"secret.key": begun.get("secret.key.new", begun["secret.key"])}, "the file that was left"
    if changed and not void:
        with pytest.raises(Conflict, match="key was replaced"):
            at.again(*keep)
    else:
        assert "The secret key is replaced." in at.again(*keep)
    after = at.keys()
    assert set(after) == {"secret.key"}
    assert after["secret.key"] != before
    assert changed or after["secret.key"] == begun.get("secret.key.new", after["secret.key"]), "the prepared key"
    at.clock.advance(seconds=LEARNING.total_seconds())
    for server in (at.server, started, last := at.started()):
        server.watch.look()
        assert server.takes(ticket) != void
        assert server.takes(last.ticket())
        assert pseudonyms(server.keyring) == at.names
    at.database.close()


def test_the_command_itself_finishes_what_it_began_where_no_server_did(by_file: Installation) -> None:
    at = by_file
    at.killed(CHANGED)
    begun = at.keys()
    told = at.again()
    assert "changed to this key already; no other key was made" in told
    assert "are accepted until" in told
    assert at.keys() == {"secret.key": begun["secret.key.new"]}
    assert pseudonyms(at.started().keyring) == at.names
    at.database.close()


@pytest.mark.parametrize("step", [UNCHANGED, CHANGED])
def test_a_key_in_the_settings_is_replaced_by_the_same_command_again(by_setting: Installation, step: str) -> None:
    at = by_setting
    ticket = at.server.ticket()
    options = ("--new-key-file", str(at.data.parent / "new key"))
    at.killed(step, *options, KEYTRAIL_SECRET_KEY=OLD)
    at.server.watch.look()
    assert at.server.takes(ticket)
    for key in (OLD, NEW)[: 2 if step == CHANGED else 1]:
        assert pseudonyms(at.started(secret_key=key).keyring) == at.names
    assert "Set KEYTRAIL_SECRET_KEY to the new key" in at.again(*options, KEYTRAIL_SECRET_KEY=OLD)
    assert "changed to this key already" in at.again(*options, KEYTRAIL_SECRET_KEY=NEW)
    started = at.started(secret_key=NEW)
    assert started.takes(ticket)
    assert pseudonyms(started.keyring) == at.names
    at.database.close()


def test_a_start_with_a_setting_that_was_replaced_says_what_to_do(by_setting: Installation) -> None:
    at = by_setting
    at.killed(CHANGED, "--new-key-file", str(at.data.parent / "new key"), *AT_ONCE, KEYTRAIL_SECRET_KEY=OLD)
    with pytest.raises(BadSettings, match=r"replaced by 'keytrail rotate-key' before.*set the new one.*--new-key-file"):
        at.started(secret_key=OLD)
    assert pseudonyms(at.started(secret_key=NEW).keyring) == at.names
    at.database.close()


@pytest.mark.parametrize("step", [UNCHANGED, CHANGED])
def test_forgetting_the_earlier_key_can_be_run_again(
    by_file: Installation, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = by_file
    ticket = at.server.ticket()
    monkeypatch.setattr("keytrail.key_rotation.LEARNING", timedelta(0))
    at.again()
    at.server.watch.look()
    at.killed(step, "--finish")
    if step == CHANGED:
        with pytest.raises(Conflict, match="No rotation is in progress"):
            at.again("--finish")
    else:
        assert "forgotten" in at.again("--finish")
    at.server.watch.look()
    assert not at.server.takes(ticket)
    assert pseudonyms(at.server.keyring) == pseudonyms(at.started().keyring) == at.names
    at.database.close()
