"""Backups that were made to do harm: whoever gives one away with its passphrase can have written anything into it."""

import gzip
import json
import os
import resource
import shutil
import subprocess
import zlib
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from keytrail.cli import app
from keytrail.cli.analysis import print_checked
from keytrail.db import Database
from keytrail.errors import BadSettings, DomainError
from keytrail.keyring import Keyring
from keytrail.operations.backup import sealing, write_backup
from keytrail.operations.backup.sealing import Opener, Sealer
from keytrail.operations.statement import Statement, read_statement, write_statement
from keytrail.review.analysis.evidence import Checked
from tests.cli.running import COMMAND, clean_environment, keytrail
from tests.operations.test_backup import NOW, PASSPHRASE, ROOT, contents

MEMORY = 2**30
Lines = list[Any]


@pytest.fixture
def honest(sqlite_database_url: str, tmp_path: Path) -> Lines:
    """The lines of a backup of an empty installation."""
    database = Database(sqlite_database_url)
    write_backup(database, ROOT, tmp_path / "honest", PASSPHRASE, NOW)
    database.close()
    return lines_of(tmp_path / "honest")


def lines_of(file: Path) -> Lines:
    with file.open("rb") as raw, gzip.GzipFile(fileobj=Opener(raw, PASSPHRASE)) as packed:
        return [json.loads(line) for line in packed]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with nothing but a passphrase in it."""
    (found := tmp_path / "place").mkdir()
    (found / "passphrase").write_text(PASSPHRASE)
    return found


@pytest.fixture
def at_once(place: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a key that takes its time nor tables that have to be made: many files are tried."""
    monkeypatch.setattr(sealing, "_key", lambda passphrase, salt: sha256(passphrase.encode() + salt).digest())
    (place / "data").mkdir()
    shutil.copy(sqlite_template, place / "data" / "keytrail.sqlite3")


def seal(content: Iterator[bytes], file: Path) -> None:
    with file.open("wb") as raw:
        sealer = Sealer(raw, PASSPHRASE)
        for piece in content:
            sealer.write(piece)
        sealer.finish()


def packed(lines: Lines) -> bytes:
    return gzip.compress(
        b"".join(line if isinstance(line, bytes) else json.dumps(line).encode() + b"\n" for line in lines)
    )


def refused(place: Path, file: str = "backup") -> str:
    """The sentence with which `keytrail restore` refuses: nothing is stored, nothing is written elsewhere."""
    arguments = ["restore", str(place / file), "--passphrase-file", str(place / "passphrase")]
    before = {each.name for each in place.iterdir()}
    done = CliRunner().invoke(app, arguments, env={"KEYTRAIL_DATA_DIR": str(place / "data")})
    assert isinstance(done.exception, DomainError), repr(done.exception)
    assert done.stdout == ""
    assert_nothing_is_there(place, before)
    return done.exception.message


def assert_nothing_is_there(place: Path, before: set[str]) -> None:
    assert {each.name for each in place.iterdir()} <= before | {"data"}
    assert not (place / "data" / "secret.key").exists()
    if (place / "data" / "keytrail.sqlite3").exists():
        database = Database(f"sqlite:///{place / 'data' / 'keytrail.sqlite3'}")
        assert sum(map(len, contents(database).values())) == 0
        database.close()


def restored_in_its_own_process(place: Path, memory: int) -> subprocess.CompletedProcess[str]:
    """Run `keytrail restore` as a person would, with so many bytes of memory at most."""
    return subprocess.run(
        [*COMMAND, "restore", "backup", "--passphrase-file", "passphrase"],
        cwd=place,
        env=clean_environment(place / "data"),
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_DATA, (memory, memory)),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def header(**changed: Any) -> Callable[[Lines], Lines]:
    return lambda lines: [lines[0] | changed, *lines[1:]]


def row_of(table: str, row: Any) -> Callable[[Lines], Lines]:
    def changed(lines: Lines) -> Lines:
        at = next(place for place, line in enumerate(lines) if isinstance(line, dict) and line.get("table") == table)
        return [*lines[: at + 1], row, {"rows": 1}, *lines[at + 2 :]]

    return changed


def renamed(to: Any) -> Callable[[Lines], Lines]:
    return lambda lines: [lines[0], lines[1] | {"table": to}, *lines[2:]]


HOSTILE: dict[str, Callable[[Lines], Lines]] = {
    "no line": lambda _lines: [],
    "no header": lambda lines: lines[1:],
    "a header that is a list": lambda lines: [[], *lines[1:]],
    "a key that is no text": header(secret_key=["x" * 64]),
    "a short key": header(secret_key="x"),
    "a key of spaces": header(secret_key=" " * 64),
    "half an emoji in the key": header(secret_key="\ud83d" * 64),
    "a version that drives the terminal": header(version="\x1b]0;evil\x07", revision="0"),
    "another version": header(revision="20990101_later"),
    "a revision that is no text": header(revision=5),
    "a moment that drives the terminal": header(made_at="\x1b[2J"),
    "no moment": header(made_at=None),
    "last ids that are none": header(last_ids={"studies": "1; DROP TABLE users"}),
    "last ids that are too large": header(last_ids={"studies": 2**70}),
    "last ids in a list": header(last_ids=[1]),
    "no JSON": lambda lines: [lines[0], b"{\n", *lines[1:]],
    "no text": lambda lines: [lines[0], b"\xff\xfe\n", *lines[1:]],
    "a nested line": lambda lines: [lines[0], b"[" * 100_000 + b"]" * 100_000 + b"\n", *lines[1:]],
    "a long number": lambda lines: [lines[0], b"1" * 100_000 + b"\n", *lines[1:]],
    "a table that is elsewhere": renamed("../../etc/passwd"),
    "a table that is not Keytrail's": renamed("sqlite_master"),
    "a table that is no name": renamed(["users"]),
    "a table twice": lambda lines: [lines[0], *lines[1:3], *lines[1:3], *lines[3:]],
    "a table too few": lambda lines: [lines[0], *lines[3:-1], {"tables": lines[-1]["tables"] - 1}],
    "columns of another kind": lambda lines: [lines[0], lines[1] | {"columns": 5}, *lines[2:]],
    "a number for a table": lambda lines: [lines[0], 5, *lines[1:]],
    "a row that is no row": row_of("users", "x"),
    "a row that is too short": row_of("users", [1]),
    "a row with a moment that is none": row_of("sign_in_counts", ["s", "yesterday", 1]),
    "a row with an object": row_of("sign_in_counts", [{"a": 1}, "2026-01-01T00:00:00+00:00", 1]),
    "a row of nobody": row_of("memberships", [1, 1, "owner"]),
    "no end": lambda lines: lines[:-1],
    "no end of a table": lambda lines: lines[:2],
}


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("case", HOSTILE)
def test_what_keytrail_does_not_write_is_refused_with_a_sentence(honest: Lines, place: Path, case: str) -> None:
    seal(iter([packed(HOSTILE[case](honest))]), place / "backup")
    assert refused(place).isprintable()


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize(
    "content",
    [b"", b"no gzip", gzip.compress(b"{}\n")[:-6], b"\x1f\x8b\x08\x00" + b"\xff" * 60],
    ids=["empty", "other", "cut", "damaged"],
)
def test_what_is_not_compressed_is_refused_with_a_sentence(place: Path, content: bytes) -> None:
    seal(iter([content]), place / "backup")
    assert refused(place).isprintable()


def huge_line(first: bytes, piece: bytes) -> Iterator[bytes]:
    """Three hundred megabytes in one line, in a file of one."""
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    yield packer.compress(first)
    block = piece * (2**20 // len(piece))
    for _ in range(300):
        yield packer.compress(block)
    yield packer.flush()


def many_parts(first: bytes, part: bytes) -> Iterator[bytes]:
    """A line that is not too long, and would be gigabytes once it is read."""
    yield gzip.compress(first + part * (80_000_000 // len(part)) + b"0]\n")


@pytest.mark.parametrize(("made", "piece"), [(huge_line, b"x"), (many_parts, b"{},")], ids=["long", "many parts"])
def test_a_small_file_that_is_a_huge_row_is_refused_in_bounded_memory(
    honest: Lines, place: Path, made: Callable[[bytes, bytes], Iterator[bytes]], piece: bytes
) -> None:
    first = json.dumps(honest[0]) + "\n" + json.dumps(honest[1]) + "\n[" + ('"' if piece == b"x" else "")
    seal(made(first.encode(), piece), place / "backup")
    assert (place / "backup").stat().st_size < 10_000_000
    before = {each.name for each in place.iterdir()}
    done = restored_in_its_own_process(place, MEMORY)
    assert (done.returncode, done.stdout) == (2, ""), done.stderr[-600:]
    assert "too large" in done.stderr
    assert done.stderr.count("\n") == 1
    assert_nothing_is_there(place, before)


@pytest.mark.usefixtures("at_once")
def test_only_a_file_is_read(place: Path) -> None:
    """Not a folder, a pipe, a socket or a device, which have no end, nor a link to nowhere or round in a circle."""
    os.mkfifo(place / "data-pipe")
    (place / "to-zero").symlink_to("/dev/zero")
    (place / "to-nothing").symlink_to("nowhere")
    (place / "circle").symlink_to("circle")
    for name in ("data-pipe", "to-zero", "to-nothing", "circle", "/dev/zero", "/"):
        assert "There is no file" in refused(place, name)


def test_a_backup_with_a_honest_row_of_each_size_is_restored(sqlite_database_url: str, place: Path) -> None:
    """What is refused is far from what an installation holds: an uploaded file of the largest size."""
    database = Database(sqlite_database_url)
    with database.writing() as db:
        sql = "INSERT INTO installation_facts (name, value) VALUES (:name, :value)"
        db.execute(text(sql), [{"name": f"n{size}", "value": "," * size} for size in (0, 1, 1000, 4_000_000)])
    counts = write_backup(database, ROOT, place / "backup", PASSPHRASE, NOW)
    database.close()
    assert counts["installation_facts"] >= 4
    arguments = ["restore", str(place / "backup"), "--passphrase-file", str(place / "passphrase")]
    done = CliRunner().invoke(app, arguments, env={"KEYTRAIL_DATA_DIR": str(place / "data")})
    assert "Restored" in done.stdout, repr(done.exception)


STATEMENT: dict[str, Any] = {
    "made_at": "",
    "sessions_begun": 0,
    "sessions": 0,
    "batches": 0,
    "audit_entries": 0,
    "newest": "",
}
STATEMENTS = [
    b"", b"[]", b"5", b"{", b"\xff", b"[" * 100_000, b" " * 5_000_000, b'{"signature": 5}',
    *(json.dumps(STATEMENT | {"signature": each}).encode() for each in ("\u00fc", [1], None, "0" * 64)),
]  # fmt: skip


class TestVerifying:
    def test_prints_nothing_that_drives_the_terminal(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert print_checked([Checked("submission \x1b]0;evil\x07", 1, ("is not as it was\n\x1b[2J",))])
        assert all(line.isprintable() for line in capsys.readouterr().out.splitlines())

    @pytest.mark.parametrize("content", STATEMENTS)
    def test_against_a_statement_that_is_none_says_so(self, place: Path, content: bytes) -> None:
        (place / "statement").write_bytes(content)
        with pytest.raises(BadSettings):
            read_statement(place / "statement", Keyring(ROOT))

    def test_reads_no_pipe_and_no_device(self, place: Path) -> None:
        os.mkfifo(place / "pipe")
        for name in (place / "pipe", Path("/dev/zero"), place):
            with pytest.raises(BadSettings, match="is not a statement"):
                read_statement(name, Keyring(ROOT))

    def test_writes_through_no_link(self, place: Path) -> None:
        """Such as one that somebody else has put into a folder for all, where the statement is to be."""
        (place / "victim").write_text("as it was")
        for name in ("statement", ".statement.partial"):
            (place / name).symlink_to(place / "victim")
        write_statement(place / "statement", Statement(**STATEMENT), Keyring(ROOT))
        assert (place / "victim").read_text() == "as it was"
        assert read_statement(place / "statement", Keyring(ROOT)) == Statement(**STATEMENT)
        assert {each.name for each in place.iterdir()} == {"passphrase", "victim", "statement", ".statement.partial"}


class TestCopying:
    def test_from_a_database_that_is_none_says_so(self, place: Path) -> None:
        (place / "evil").write_bytes(b"SQLite format 3\0" + os.urandom(5000))
        done = keytrail("copy-database", "sqlite:///other", data=place / "data", KEYTRAIL_DATABASE_URL="sqlite:///evil")
        assert done.returncode == 2, done.stderr[-600:]
        assert done.stderr.startswith("keytrail: ")

    def test_into_what_is_no_database_says_so(self, place: Path) -> None:
        assert keytrail("migrate", data=place / "data").returncode == 0
        for target in ("", "mysql://h/d", "sqlite:////proc/nowhere/x"):
            done = keytrail("copy-database", target, data=place / "data")
            assert done.returncode == 2, done.stderr[-600:]
            assert done.stderr.startswith("keytrail: "), done.stderr[-600:]
