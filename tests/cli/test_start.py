import ast
import io
import sqlite3
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path

import pytest
import typer
from sqlalchemy.exc import OperationalError
from typer.testing import CliRunner

from keytrail import __version__, cli
from keytrail.cli import accounts, app, main
from keytrail.cli.installation import open_installation
from keytrail.users.accounts import user_by_email

_LOADED = "import {}, sys; print(*(name for name in {!r} if name in sys.modules))"


@pytest.mark.parametrize(
    ("package", "heavy"),
    [
        ("keytrail.cli", ("sqlalchemy", "pydantic", "rich", "keytrail.models", "keytrail.settings")),
        ("keytrail.cli.payments", ("boto3", "numpy", "sklearn", "fastapi", "keytrail.web")),
        ("keytrail.cli.accounts", ("boto3", "numpy", "sklearn", "fastapi", "keytrail.web")),
        ("keytrail.cli.analysis", ("numpy", "fastapi", "alembic", "keytrail.web")),
        ("keytrail.cli.backups", ("numpy", "fastapi", "alembic", "keytrail.web")),
        ("keytrail.cli.server", ("numpy", "fastapi", "alembic", "keytrail.web")),
        ("keytrail.cli.exports", ("numpy", "fastapi", "rich", "keytrail.web")),
        ("keytrail.cli.texts", ("numpy", "scipy", "keytrail.synthetic.replication.replication", "keytrail.text")),
        ("keytrail.main", ("sklearn", "scipy.stats")),
    ],
)
def test_what_only_some_commands_need_is_not_loaded_by_all(package: str, heavy: tuple[str, ...]) -> None:
    """Seconds of every command, and a hundred megabytes of every server."""
    finished = subprocess.run([sys.executable, "-c", _LOADED.format(package, heavy)], capture_output=True, check=True)
    assert finished.stdout.decode().split() == []


def test_the_version_is_the_package_s(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["keytrail", "--version"])
    with pytest.raises(SystemExit) as ended:
        app()
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"keytrail {__version__}\n"


_HELP = """
import sys
sys.argv = ["keytrail", "--help"]
from keytrail.cli import app
try:
    app()
finally:
    print(*(name for name in sys.modules if name.startswith("keytrail.cli.")))
"""


def test_the_list_of_commands_says_what_each_is_and_imports_none() -> None:
    finished = subprocess.run([sys.executable, "-c", _HELP], capture_output=True, check=True)
    *listed, loaded = finished.stdout.decode().splitlines()
    assert loaded.split() == ["keytrail.cli.lazy_group"]
    assert "  payments       Preview, send and cancel actions at platforms." in listed


@pytest.mark.parametrize("name", list(typer.main.get_command(app).commands))  # type: ignore[attr-defined]  # a group
def test_every_command_that_is_listed_is_there(name: str) -> None:
    done = CliRunner().invoke(app, [name, "--help"])
    assert (done.exit_code, f"Usage: keytrail {name}" in done.output) == (0, True)


class ClosedPipe(io.StringIO):
    """A reader that went away, as `head` or `true` do."""

    def write(self, _text: str) -> int:
        raise BrokenPipeError


@pytest.mark.parametrize("email", ["one@example.org", "two@example.org"])
def test_a_command_has_stored_what_it_says_although_nobody_reads_it(
    email: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEYTRAIL_DATA_DIR", str(tmp_path))
    with pytest.raises(BrokenPipeError), redirect_stdout(ClosedPipe()):
        accounts.add(email, password="a long password")
    with open_installation() as at, at.database.reading() as db:
        assert user_by_email(db, email).email == email


def test_nothing_is_printed_or_asked_before_it_is_stored() -> None:
    """Within a unit of work a closed pipe would undo what was told, and a question would hold the database."""
    folder = Path(accounts.__file__).parent
    early = [
        (path.name, call.lineno)
        for path in folder.glob("*.py")
        for block in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(block, ast.With) and any("writing()" in ast.unparse(item.context_expr) for item in block.items)
        for call in ast.walk(block)
        if isinstance(call, ast.Call) and ast.unparse(call.func) in {"print", "confirmed", "typer.confirm"}
    ]
    assert early == []


@pytest.mark.parametrize("command", [("verify",), ("user", "list"), ("analyse",), ("backup", "b")])
@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql+psycopg://x:secret@127.0.0.1:1/none", "The database cannot be used: connection failed"),
        ("sqlite:////nowhere/keytrail.sqlite3", "The database cannot be used: unable to open database file"),
        ("sqlite:///notes.txt", "The database cannot be used: file is not a database"),
        ("nonsense", "not the URL of a database"),
        ("mysql://x:secret@127.0.0.1/none", "not the URL of a database"),
        ("postgresql://x:secret@127.0.0.1/none", "Write postgresql+psycopg://"),
        ("sqlite://", "not the URL of a database"),
    ],
)
def test_a_database_that_cannot_be_used_is_a_sentence(  # fixtures
    command: tuple[str, ...],
    url: str,
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "notes.txt").write_text("Not a database.\n" * 100)
    monkeypatch.setenv("KEYTRAIL_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("KEYTRAIL_DATABASE_URL", url)
    monkeypatch.setattr(sys, "argv", ["keytrail", *command])
    with pytest.raises(SystemExit) as ended:
        main()
    told = capsys.readouterr().err
    assert ended.value.code == 2
    assert said in told
    assert "secret" not in told


def test_another_fault_of_a_statement_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(*_: object) -> None:
        with sqlite3.connect(":memory:") as database:
            try:
                database.execute("SELECT nothing FROM nowhere")
            except sqlite3.OperationalError as error:
                raise OperationalError("SELECT", None, error) from error

    monkeypatch.setattr(cli, "app", wrong)
    with pytest.raises(OperationalError):
        main()
