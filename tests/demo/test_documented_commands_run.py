"""Every command of the documents is run: Keytrail's own on a copy of the demo's data, each document in its order.

A command ends well, or says the sentence that `SAID` expects of it; `ELSEWHERE` names the tests that run the others.
`OTHER_PROGRAMS` says of other programs' commands what is checked, or why they are not run.
"""

import json
import re
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Final

import httpx2
import pytest
from typer.testing import CliRunner

from keytrail.cli import app
from keytrail.errors import DomainError
from tests.cli.running import COMMAND, clean_environment
from tests.cli.test_documented_commands import DOCUMENTS, GENERATED, ROOT, command_lines, words
from tests.demo.conftest import Made
from tests.waiting import free_port, until

pytestmark = pytest.mark.xdist_group("demo")

ELSEWHERE: Final = {
    "serve": "tests/operations/test_many_processes.py",
    "worker": "tests/operations/test_many_processes.py",
    "demo": "tests/demo/test_running.py",
    "sandbox": "tests/demo/test_documented_commands_run.py",
    "replicate FOLDER": "tests/synthetic/test_replication.py",
    "train STUDY --own-sessions": "tests/synthetic/test_study.py",
    "rotate-key --new-key-file": "tests/test_key_rotation.py",
    "import coauthor": "tests/imports/test_foreign_files.py",
    "import idfx": "tests/imports/test_foreign_files.py",
    "import keylog": "tests/imports/test_foreign_files.py",
    "import keystrokes": "tests/imports/test_foreign_files.py",
}
"""What runs until it is stopped, or needs other settings, a second server or other files: the test that runs it."""

SAID: Final = {
    "doctor": "Start the server",
    "privacy mask": "Give --days",
    "privacy coarsen": "Give --days",
    "privacy forget-ids": "Give --days",
    "privacy erase WORKER": "No worker with this id",
    "study links STUDY ID": "signed links",
    "study links my-study P1": "signed links",
    "rotate-key --finish": "has just begun",
    "references generate STUDY": "KEYTRAIL_LLM_URL",
    "train STUDY --transformer": "keytrail[transformer]",
    "mturk": "",
    "prolific": "",
    "connect": "",
}
"""What a command says of settings or people that are not here. Nothing: its marketplace is not here; what it says then
differs. Doubles of the marketplaces are asked by tests/platform_actions.
"""

OTHER_PROGRAMS: Final = {
    "make": "its targets are compared with the Makefile",
    "python": "its modules are looked up",
    "pip": "needs the package index; tests/test_wheel.py installs wheel and sdist without",
    "pipx": "needs the package index; tests/test_wheel.py builds the wheel and runs the demo from it",
    "uvx": "needs the package index; tests/test_wheel.py runs the demo from the wheel",
    "python3": "makes a virtual environment; tests/test_wheel.py does",
    "source": "changes the shell",
    "cd": "changes the shell",
    "export": "changes the shell",
    "sudo": "needs root and systemd; tests/test_install.py has the unit verified",
    "docker": "needs a container engine; Keytrail's own part is run here, and tests/test_install.py checks the files",
    "kubectl": "needs a cluster; tests/test_install.py checks the file",
    "curl": "needs the tutorial's server; tests/api asks the same address",
    "aws": "needs the sandbox and the AWS command; tests/sandbox asks the same with boto3",
}
_OTHER = re.compile(rf"^(?: {{4}}|\$ )?({'|'.join(OTHER_PROGRAMS)}) (?![a-z]+ing\b)(\S.*)$", re.MULTILINE)
_CODE = re.compile(r"^```(?:bash|sh|console)\n(.*?)^```|((?:^ {4}\S.*\n)+)", re.MULTILINE | re.DOTALL)
_FENCE = re.compile(r"```(?:toml|text)\n(.*?)```", re.DOTALL)

CHANGELOG: Final = ROOT / "CHANGELOG.md"
DOCUMENTED: Final = [
    document
    for document in DOCUMENTS
    if document.is_file() and not document.is_relative_to(GENERATED) and command_lines(document)
]


def _name(document: Path) -> str:
    return str(document.relative_to(ROOT))


def expected(line: str, table: dict[str, str]) -> str | None:
    """What a table says of a command line; the longest beginning counts."""
    given = " ".join(words(line))
    fitting = [start for start in table if given == start or given.startswith((f"{start} ", f"{start}…"))]
    return table[max(fitting, key=len)] if fitting else None


@pytest.fixture
def here(made: Made, tmp_path: Path) -> Path:
    """A folder with a copy of the demo's data and the files that the documents name."""
    shutil.copytree(made.folder, tmp_path / "data")
    files = _FENCE.findall((ROOT / "docs" / "tutorial.md").read_text())
    (tmp_path / "study.toml").write_text(next(file for file in files if "slug =" in file))
    (tmp_path / "items.csv").write_text(next(file for file in files if file.startswith("id,")))
    (tmp_path / "passphrase").write_text("a long passphrase\n")
    events = [[0, "i", "empty", 0, 2166136261], [900, "k", "KeyA", "a", 0], [1, "e", 0, 0, "a", "insertText", 2]]
    session = {"v": 1, "session": "s1", "item": "Source.", "text": "a", "label": "human", "events": events}
    (tmp_path / "session.jsonl").write_text(json.dumps(session) + "\n")
    return tmp_path


class Reader:
    """Types what a document says, with the demo's names where it has placeholders."""

    def __init__(self, document: Path, made: Made, folder: Path) -> None:
        self._folder = folder
        with closing(sqlite3.connect(folder / "data" / "keytrail.sqlite3")) as stored:
            query = (
                "SELECT slug, submissions.public_id FROM submissions JOIN studies ON studies.id = study_id ORDER BY 2"
            )
            receipts = dict(stored.execute(query).fetchall())
            item = "SELECT items.key FROM items JOIN studies ON studies.id = study_id WHERE slug = ?"
            (key,) = stored.execute(item, (made.told["study"],)).fetchone()
        (folder / "texts.jsonl").write_text(json.dumps({"item": key, "text": "Words of a model. " * 9}) + "\n")
        study, email = made.told["study"], made.told["email"]
        other = next(slug for slug in sorted(receipts) if slug != study)
        self._stands_for = {
            "STUDY": study,
            "A": study,
            "B": other,
            "RECEIPT": receipts[study],
            "RECEIPT…": receipts[study],
            "EMAIL": email,
            "FILE": "session.jsonl",
            "FOLDER_OR_FILES": "session.jsonl",
            "FOLDER": "folder",
            "NUMBER": "1",
            "…": email,
        }
        if "keytrail study create" not in document.read_text():
            self._stands_for["my-study"] = study
        if "user add you@example.org" not in document.read_text():
            self._stands_for["you@example.org"] = email
        if "user add a@example.org" not in document.read_text():
            self._stands_for["a@example.org"] = email
        self._second = other

    def type(self, line: str) -> tuple[int, str]:
        """The exit status, and what was printed."""
        typed = self._in_order([self._here(word) for word in words(line)])
        environment = {"KEYTRAIL_DATA_DIR": "elsewhere" if typed[:1] == ["restore"] else "data", "COLUMNS": "200"}
        done = CliRunner().invoke(app, typed, env=environment, input="y\n" * 9)
        said = done.output
        if isinstance(done.exception, DomainError):
            return 2, said + done.exception.message
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.exit_code, said

    def _here(self, word: str) -> str:
        word = word.replace("$(date +%F)", "today")
        for folder in ("/backups/", "/etc/keytrail/", "/elsewhere/"):
            word = word.replace(folder, "")
        return str(self._stands_for.get(word, word))

    def _in_order(self, typed: list[str]) -> list[str]:
        if typed[:1] == ["backup"] and "--passphrase-file" in typed:
            typed[-1] = "passphrase"
        if typed[:2] == ["backup", "today"] and len(typed) == 2:  # without a passphrase it would ask
            typed += ["--passphrase-file", "passphrase"]
        if typed[:1] == ["prevalence"] and len(typed) > len(set(typed)):
            typed = [*dict.fromkeys(typed), self._second]
        if typed[:2] == ["references", "import"]:
            typed[-1] = "texts.jsonl"
        if typed[:1] == ["copy-database"] and len(typed) > 1:  # the command is the same in both directions
            typed[1] = "sqlite:///copy.sqlite3"
        return typed


def is_incomplete(said: str) -> bool:
    """Whether a command lacks an argument or a noun's verb, as in running text that only names it."""
    return any(each in said for each in ("Missing argument", "Missing option", "requires an argument", "Commands:"))


@pytest.mark.parametrize("document", DOCUMENTED, ids=_name)
def test_the_commands_of_a_document_run(
    document: Path, made: Made, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(here)
    (here / "folder").mkdir()
    reader, text = Reader(document, made, here), document.read_text()
    others = {line for each in DOCUMENTED if each != CHANGELOG for line in command_lines(each)}
    for line in command_lines(document):
        # The changelog names commands that other documents explain; "analyse --all" alone takes seconds.
        if expected(line, ELSEWHERE) is not None or (document == CHANGELOG and line in others):
            continue
        status, said = reader.type(line)
        if status == 0 or (f"`keytrail {line}`" in text and is_incomplete(said)):
            continue
        sentence = expected(line, SAID)
        assert sentence is not None, (line, status, said[-600:])
        assert sentence in said, (line, said[-600:])


@pytest.mark.parametrize("named", sorted(set(ELSEWHERE.values())))
def test_the_tests_that_run_the_others_do(named: str) -> None:
    source = (ROOT / named).read_text()
    assert [line for line, test in ELSEWHERE.items() if test == named and line.split()[0] not in source] == []


def test_the_sandbox_serves_and_stops(tmp_path: Path) -> None:
    port = free_port()
    command = [*COMMAND, "sandbox", "--port", str(port), "--content-origin", ""]
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=tmp_path, env=clean_environment(tmp_path / "data"), stdout=log)
    try:

        def answered() -> bool:
            try:
                return httpx2.get(f"http://127.0.0.1:{port}/", headers={"host": f"localhost:{port}"}).status_code == 200
            except httpx2.TransportError:
                return False

        until(answered, "the marketplace", seconds=90)
        assert "KEYTRAIL_MTURK_ENDPOINT" in (tmp_path / "log").read_text()
    finally:
        process.terminate()
        assert process.wait(60) in {0, -15}


def other_commands() -> list[tuple[str, str, str]]:
    """The documents' commands of other programs: (document, program, the rest of the line)."""
    found = set()
    for document in (each for each in DOCUMENTS if each.suffix == ".md"):
        for fenced, indented in _CODE.findall(document.read_text()):
            for program, rest in _OTHER.findall(fenced or indented):
                found.add((_name(document), program, rest))
    return sorted(found)


def test_every_command_of_another_program_is_accounted_for() -> None:
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    missing = []
    for document, program, rest in other_commands():
        if program == "make" and not {word for word in rest.split("#")[0].split() if "=" not in word} <= targets:
            missing.append((document, rest))
        if program == "python" and rest.startswith("-m "):
            place = rest.split()[1].replace(".", "/")
            roots = [ROOT, ROOT / "app"]
            if not any((root / place).with_suffix(".py").exists() or (root / place).is_dir() for root in roots):
                missing.append((document, rest))
    assert missing == []


def test_no_program_of_a_command_block_is_unknown() -> None:
    """Each line of a fenced block of a shell begins with Keytrail or a program of the table."""
    known = {*OTHER_PROGRAMS, "keytrail"}
    unknown = []
    for document in (each for each in DOCUMENTS if each.suffix == ".md"):
        for fenced in re.findall(r"^```(?:bash|sh|console)\n(.*?)^```", document.read_text(), re.MULTILINE | re.DOTALL):
            for line in fenced.replace("\\\n", " ").splitlines():
                begun = [word for word in line.removeprefix("$ ").split() if not re.match(r"[A-Z_]+=", word)]
                if begun and Path(begun[0]).name not in known and not begun[0].startswith("#"):
                    unknown.append((_name(document), line))
    assert unknown == []


def test_other_programs_commands_are_found() -> None:
    assert {program for _, program, _ in other_commands()} >= {"make", "docker", "kubectl", "sudo", "pipx", "uvx"}
