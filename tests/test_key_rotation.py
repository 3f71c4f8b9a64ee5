"""Rotate the secret key while servers run, are interrupted, or still have the earlier key in their settings."""

import json
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from stat import S_ISDIR
from typing import Any

import pyotp
import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from keytrail import key_check, key_rotation
from keytrail.cli import app
from keytrail.clock import utc_now
from keytrail.db import Database
from keytrail.errors import BadSettings, Conflict, DomainError, Unauthorized
from keytrail.key_check import key_fits, keyring_of, open_keyring
from keytrail.key_rotation import LEARNING, begin_rotation
from keytrail.keyring import Keyring, Roots
from keytrail.models import InstallationFact, User
from keytrail.operations.key_watch import KeyWatch
from keytrail.settings import Settings
from keytrail.users.accounts import add_user
from keytrail.users.devices import device_mark, known_device
from keytrail.users.hashing import NO_PASSWORD
from keytrail.users.one_time_codes import accept_code, codes_cipher
from keytrail.users.rotated_secrets import settle_rotation
from keytrail.worker.tickets import Ticket, Tickets
from tests.conftest import FakeClock

OLD, NEW = "o" * 40, "n" * 40
KEEP = timedelta(hours=10)
TICKET = Ticket(1, 2, 3, "nonce")
MakeSettings = Callable[..., Settings]


class Server:
    """One process: its keys, the watch that it runs, and its tickets."""

    def __init__(self, settings: Settings, database: Database, clock: FakeClock) -> None:
        self.keyring = open_keyring(settings, database)
        self.watch = KeyWatch(settings, database, self.keyring, clock)
        self.tickets = Tickets(self.keyring)
        self.clock = clock

    def ticket(self) -> str:
        return self.tickets.for_writing(TICKET, self.clock() + timedelta(days=30))

    def takes(self, token: str) -> bool:
        try:
            return self.tickets.read_writing(token, self.clock()) == TICKET
        except Unauthorized:
            return False


@pytest.fixture
def clock() -> FakeClock:
    found = FakeClock()
    found.now = utc_now()  # a key is opened by the real time
    return found


def rotate(database: Database, clock: FakeClock, keep: timedelta = KEEP) -> None:
    with database.writing() as db:
        begin_rotation(db, OLD.encode(), NEW.encode(), keep, clock())


def test_all_servers_take_each_others_tickets_at_every_moment(
    database: Database, make_settings: MakeSettings, clock: FakeClock
) -> None:
    """Two run on; a third is restarted with the new key; one is restarted with the earlier one."""
    servers = [Server(make_settings(secret_key=OLD), database, clock) for _ in range(2)]
    before = servers[0].ticket()
    rotate(database, clock)
    servers += [Server(make_settings(secret_key=key), database, clock) for key in (NEW, OLD)]

    def all_agree() -> bool:
        tokens = [before, *(server.ticket() for server in servers)]
        return all(server.takes(token) for server in servers for token in tokens)

    assert all_agree(), "before the running ones have looked"
    servers[0].watch.look()
    assert all_agree(), "when one has looked"
    for server in servers:
        server.watch.look()
    clock.advance(seconds=LEARNING.total_seconds())
    servers[1].watch.look()
    assert all_agree(), "when one signs with the new key"
    for server in servers:
        server.watch.look()
    after = servers[0].ticket()
    clock.advance(hours=10)
    for server in servers:
        server.watch.look()
        assert server.takes(after)
        assert not server.takes(before), "its time is over"
    with database.reading() as db:
        assert set(db.scalars(select(InstallationFact.name))) == {"key_check", "lasting_root"}


def test_names_and_evidence_stay_and_signatures_change(
    database: Database, make_settings: MakeSettings, clock: FakeClock
) -> None:
    first = open_keyring(make_settings(secret_key=OLD), database)
    names = [first.pseudonym("worker", "W1"), first.key("evidence"), first.key("link/1")]
    with database.writing() as db:
        for old, new in ((OLD, NEW), (NEW, "m" * 40)):
            begin_rotation(db, old.encode(), new.encode(), timedelta(0), clock())
    last = open_keyring(make_settings(secret_key="m" * 40), database)
    assert [last.pseudonym("worker", "W1"), last.key("evidence"), last.key("link/1")] == names
    assert set(first.signing_keys("tickets")).isdisjoint(last.signing_keys("tickets"))
    assert keyring_of(b"m" * 40, database).key("evidence") == names[1], "as after a restored backup"
    with database.reading() as db:
        stored = " ".join(db.scalars(select(InstallationFact.value)))
    assert OLD not in stored


def test_one_time_codes_work_throughout_and_are_encrypted_anew(
    database: Database, make_settings: MakeSettings, clock: FakeClock
) -> None:
    secret = pyotp.random_base32()
    old = open_keyring(make_settings(secret_key=OLD), database)
    with database.writing() as db:
        user = add_user(db, "a@example.org", "A", NO_PASSWORD, clock())
        user.code_secret = codes_cipher(old).encrypt(secret.encode()).decode()
        user_id = user.id
    server = Server(make_settings(secret_key=OLD), database, clock)

    def signs_in() -> bool:
        with database.writing() as db:
            code = pyotp.TOTP(secret).at(int(clock().timestamp()))
            return accept_code(server.keyring, db.get_one(User, user_id), code, clock())

    def stored() -> str | None:
        with database.reading() as db:
            return db.get_one(User, user_id).code_secret

    rotate(database, clock)
    before = stored()
    for minutes in (0, 2, 601):
        clock.advance(minutes=minutes)
        if minutes == 601:
            server = Server(make_settings(secret_key=NEW), database, clock)
        server.watch.look()
        assert signs_in(), minutes
        assert (stored() == before) == (minutes == 0), minutes
    assert codes_cipher(Keyring(NEW.encode())).decrypt((stored() or "").encode()) == secret.encode()
    anew = stored()
    server.watch.look()
    assert not settle_rotation(database, server.keyring.roots, clock()), "there is nothing left to do"
    assert stored() == anew


def test_known_browsers_stay_known(database: Database, make_settings: MakeSettings, clock: FakeClock) -> None:
    user = User(id=1, password_hash="!")
    server = Server(make_settings(secret_key=OLD), database, clock)
    mark = device_mark(server.keyring, user)
    rotate(database, clock)
    clock.advance(hours=1)
    server.watch.look()
    assert known_device(server.keyring, user, mark)
    assert known_device(Keyring(NEW.encode()), user, mark) is None
    assert known_device(Keyring(NEW.encode()), user, device_mark(server.keyring, user))


def test_the_earlier_key_alone_is_worth_nothing_after_its_time(
    database: Database, make_settings: MakeSettings, clock: FakeClock
) -> None:
    open_keyring(make_settings(secret_key=OLD), database)
    rotate(database, clock)
    assert key_fits(make_settings(secret_key=OLD), database)
    with (
        database.writing() as db,
        pytest.raises(Conflict, match="key before it is still accepted"),
    ):
        begin_rotation(db, NEW.encode(), b"m" * 40, KEEP, clock())
    with pytest.raises(BadSettings, match="not the one"):
        open_keyring(make_settings(secret_key="w" * 40), database)
    with database.writing() as db:
        fact = db.get_one(InstallationFact, "rotation")
        fact.value = json.dumps(json.loads(fact.value) | {"until": (clock() - timedelta(days=2)).timestamp()})
    assert not key_fits(make_settings(secret_key=OLD), database)
    assert key_fits(make_settings(secret_key=NEW), database)


def _command(*arguments: str) -> str:
    done = CliRunner().invoke(app, arguments, env={"KEYTRAIL_DATA_DIR": "data"})
    if isinstance(done.exception, DomainError | OSError):
        raise done.exception
    assert done.exit_code == 0, done.exception
    return done.output


class TestTheCommand:
    @pytest.fixture(autouse=True)
    def _installation(self) -> None:
        _command("user", "add", "a@example.org", "--password", "a long password")

    def test_replaces_the_file(self) -> None:
        before = Path("data/secret.key").read_text()
        assert "are accepted until" in _command("rotate-key")
        assert Path("data/secret.key").read_text() != before
        assert not Path("data/secret.key.new").exists()
        assert "a@example.org" in _command("user", "list")

    def test_is_finished_by_the_next_start_if_it_was_interrupted(self, monkeypatch: pytest.MonkeyPatch) -> None:
        before = Path("data/secret.key").read_text()

        def power_cut(*_any: object) -> None:
            raise OSError("power cut")

        with monkeypatch.context() as patched:
            patched.setattr(key_check, "use_next_root_secret", power_cut)
            with pytest.raises(OSError, match="power cut"):
                _command("rotate-key", "--keep-hours", "0")
        assert Path("data/secret.key").read_text() == before
        assert "a@example.org" in _command("user", "list")
        assert Path("data/secret.key").read_text() != before
        assert not Path("data/secret.key.new").exists()

    def test_changes_nothing_if_it_was_interrupted_before(self, monkeypatch: pytest.MonkeyPatch) -> None:
        before = Path("data/secret.key").read_text()

        def power_cut(*_any: object) -> None:
            raise OSError("power cut")

        with monkeypatch.context() as patched:
            patched.setattr(key_rotation, "_encrypt", power_cut)
            with pytest.raises(OSError, match="power cut"):
                _command("rotate-key")
        prepared = Path("data/secret.key.new").read_text()
        assert "a@example.org" in _command("user", "list")
        assert Path("data/secret.key").read_text() == before
        _command("rotate-key")
        assert Path("data/secret.key").read_text() == prepared

    def test_the_new_file_is_on_the_disk_before_the_database_needs_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A power cut may otherwise forget the file's name, and with it the only copy of the key."""
        happened: list[str] = []

        def synced(descriptor: int) -> None:
            happened.append("folder" if S_ISDIR(os.fstat(descriptor).st_mode) else "file")

        def begun(*given: Any) -> Roots:
            happened.append("database")
            return begin_rotation(*given)

        monkeypatch.setattr(os, "fsync", synced)
        monkeypatch.setattr(key_rotation, "begin_rotation", begun)
        _command("rotate-key")
        assert happened == ["file", "folder", "database", "folder"]

    def test_a_refused_rotation_leaves_no_key_behind(self) -> None:
        _command("rotate-key")
        with pytest.raises(Conflict, match="still accepted"):
            _command("rotate-key")
        assert not Path("data/secret.key.new").exists()

    def test_ends_a_rotation_once_all_servers_know(self) -> None:
        with pytest.raises(Conflict, match="No rotation"):
            _command("rotate-key", "--finish")
        _command("rotate-key")
        with pytest.raises(Conflict, match="just begun"):
            _command("rotate-key", "--finish")

    def test_asks_for_a_new_key_where_the_key_is_a_setting(self) -> None:
        with pytest.raises(BadSettings, match="Leave it out"):
            _command("rotate-key", "--new-key-file", "new")
