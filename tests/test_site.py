"""The documentation site builds without a warning, is complete, and loads nothing from other servers."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from keytrail.exports.tables import TABLES
from keytrail.provenance.wire.events import VOCABULARY
from keytrail.settings import PREFIX, Settings
from keytrail.synthetic.rules import RULES

pytestmark = pytest.mark.xdist_group("site")

ROOT = Path(__file__).parents[1]
_LOADED = re.compile(
    r'<(?:script|img|iframe)[^>]*\bsrc="(?:https?:)?//|<link[^>]*\bhref="(?:https?:)?//', re.IGNORECASE
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    built = subprocess.run(
        [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", str(ROOT / "docs"), str(folder)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    return folder


def test_every_page_loads_only_its_own_files(site: Path) -> None:
    pages = [page for page in site.rglob("*.html") if "_downloads" not in page.parts]  # examples for others' pages
    assert len(pages) > 40
    assert [page.name for page in pages if _LOADED.search(page.read_text())] == []


def test_the_reference_names_what_the_code_has(site: Path) -> None:
    expected = {
        "settings": [PREFIX + name.upper() for name in Settings.model_fields],
        "rules": list(RULES),
        "wire-format": [kind.__name__ for kind in VOCABULARY.values()],
        "export-columns": [column.name for table in TABLES for column in table.columns],
        "command-line": ["keytrail serve", "keytrail study create", "keytrail mturk publish"],
        "http-api": ["GET /api/v1/studies/{study}/submissions", "POST /api/worker/events"],
    }
    for page, names in expected.items():
        text = re.sub(r"<[^>]+>", "", (site / "reference" / f"{page}.html").read_text())
        assert [name for name in names if name not in text] == []


def test_every_decision_is_in_the_index() -> None:
    folder = ROOT / "docs" / "decisions"
    index = (folder / "README.md").read_text()
    assert [path.name for path in sorted(folder.glob("0*.md")) if f"({path.name})" not in index] == []


def test_the_commands_of_the_tutorial_work(tmp_path: Path) -> None:
    blocks = re.findall(r"```(\w+)\n(.*?)```", (ROOT / "docs" / "tutorial.md").read_text(), re.DOTALL)
    (study,), (items,) = ([text for kind, text in blocks if kind == each] for each in ("toml", "text"))
    (tmp_path / "study.toml").write_text(study)
    (tmp_path / "items.csv").write_text(items)
    lines = [line for kind, text in blocks if kind == "console" for line in text.splitlines()]
    assert len(lines) == 8
    for line in lines:
        _dollar, program, *arguments = shlex.split(line)
        assert program == "keytrail"
        done = subprocess.run(
            [sys.executable, "-m", "keytrail", *arguments],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )
        # Nobody has written yet, so there is nothing to verify.
        assert done.returncode == (1 if arguments == ["verify"] else 0), (line, done.stderr)
