"""Which modules commands do not import: seconds of every command, where a script runs many."""

import subprocess
import sys
from pathlib import Path

import pytest

from keytrail.cli.decisions import KINDS
from keytrail.models import DecisionKind
from tests.cli.running import clean_environment, keytrail

HEAVY = (
    "alembic", "boto3", "fastapi", "httpx2", "jinja2", "keytrail.platform_actions.sender", "keytrail.web", "numpy",
    "openpyxl", "pyarrow", "scipy", "sklearn", "starlette", "uvicorn", "yaml",
)  # fmt: skip
ANALYSIS = "keytrail.provenance"
# What every command that opens the database needs; no help page does.
OPENING = ("cryptography", "keytrail.models", "keytrail.settings", "pydantic_settings", "sqlalchemy")
_HELP = """
import sys, typer
from keytrail.cli import app

def pages(command, context):
    yield command.get_help(context)
    for name in command.list_commands(context) if hasattr(command, "list_commands") else ():
        inner = command.get_command(context, name)
        yield from pages(inner, typer.Context(inner, info_name=name, parent=context))

group = typer.main.get_command(app)
print(*pages(group, typer.Context(group, info_name="keytrail")), sep="\\n")
print("LOADED:", *(name for name in {!r} if name in sys.modules))
"""
STUDY = 'title = "Short texts"\nslug = "short"\ninstructions = "Write."\nreward = 0.50\n'
_RUN = """
import atexit, sys
from keytrail.cli import main
atexit.register(lambda: print("LOADED:", *(name for name in {!r} if name in sys.modules)))
main()
"""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation with one study."""
    folder = tmp_path_factory.mktemp("installation")
    (folder / "study.toml").write_text(STUDY)
    for arguments in (
        ("user", "add", "o@example.org", "--password", "a long password"),
        ("study", "create", "study.toml", "--owner", "o@example.org"),
    ):
        done = keytrail(*arguments, data=folder / "data")
        assert done.returncode == 0, done.stderr
    return folder / "data"


@pytest.mark.parametrize(
    ("command", "answer", "needs"),
    [
        ("payments list short --by o@example.org", "", ()),
        ("payments preview short --by o@example.org", "no action is preselected", ()),
        ("decide accept 0123456789abcdef --by o@example.org", "no such submission", (ANALYSIS,)),
        ("budget show", "No budget limits this server", ()),
        ("study links short P1", "signed", ()),
        ("token create o@example.org", "", ()),
        ("prolific status short --by o@example.org", "", (ANALYSIS,)),
        ("export wire short out.jsonl", "session", (ANALYSIS,)),
    ],
)
def test_a_command_loads_only_what_it_needs(data: Path, command: str, answer: str, needs: tuple[str, ...]) -> None:
    unneeded = tuple(name for name in (*HEAVY, ANALYSIS) if name not in needs)
    done = subprocess.run(
        [sys.executable, "-c", _RUN.format(unneeded), *command.split()],
        cwd=data.parent,
        env=clean_environment(data),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.stdout.splitlines()[-1] == "LOADED:", done.stdout + done.stderr
    assert answer.lower() in (done.stdout + done.stderr).lower()
    assert "Usage:" not in done.stderr, "it did not run"


def test_no_help_page_loads_the_database_or_the_settings() -> None:
    """Of all commands and their subcommands: they declare their parameters without what they work with."""
    done = subprocess.run(
        [sys.executable, "-c", _HELP.format((*HEAVY, *OPENING))],
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    *pages, loaded = done.stdout.splitlines()
    assert loaded == "LOADED:"
    assert "Usage: keytrail payments preview [OPTIONS] {study} [numbers]..." in pages
    assert sum(line.startswith("Usage: ") for line in pages) > 100


def test_the_help_of_decide_names_every_kind() -> None:
    assert set(KINDS) == set(DecisionKind)
