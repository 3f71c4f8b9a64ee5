"""Links, tests, fields and settings that the documents name exist."""

import re
import tomllib
from pathlib import Path

import pytest

from keytrail.settings import PREFIX, Settings
from keytrail.studies import StudyDefinition, read_definition

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "app" / "keytrail"
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
_LINK = re.compile(r"\]\((?!https?://|#|mailto:)([^)#\s]+)")
_TEST = re.compile(r"`(tests/[\w/]+\.py)((?:::\w+)*)`")


def _named(document: Path) -> str:
    return str(document.relative_to(ROOT))


@pytest.mark.parametrize("document", DOCUMENTS, ids=_named)
def test_links_lead_somewhere(document: Path) -> None:
    text = document.read_text()
    assert [link for link in _LINK.findall(text) if not (document.parent / link).exists()] == []


def test_a_decision_is_headed_by_the_number_of_its_file() -> None:
    decisions = {path.name: path.read_text() for path in (ROOT / "docs" / "decisions").glob("0*.md")}
    assert [name for name, text in decisions.items() if not text.startswith(f"# {int(name[:4])}. ")] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=_named)
def test_tests_that_a_claim_names_exist(document: Path) -> None:
    missing = []
    for file, path in _TEST.findall(document.read_text()):
        source = (ROOT / file).read_text() if (ROOT / file).exists() else ""
        names = path.split("::")[1:]
        if not source or not all(re.search(rf"(def|class) {name}\b", source) for name in names):
            missing.append(file + path)
    assert missing == []


def test_every_place_in_the_map_of_the_architecture_exists() -> None:
    """A place stands in the package, in the repository, or in the folder that was named before it."""
    _, _, rest = (ROOT / "docs" / "architecture.md").read_text().partition("\n## Where is what\n")
    rows = [row.split(" | ")[1] for row in rest.partition("\n## ")[0].splitlines() if row.startswith("| ")]
    missing = []
    for row in rows:
        folder = PACKAGE
        for place in re.findall(r"`([\w./]+(?:/|\.\w+))`", row):
            found = [base / place for base in (folder, PACKAGE, ROOT) if (base / place).exists()]
            if found:
                folder = found[0] if found[0].is_dir() else found[0].parent
            else:
                missing.append(place)
    assert (len(rows) > 40, missing) == (True, [])


def test_the_layout_in_the_architecture_is_in_the_order_of_the_imports() -> None:
    _, _, rest = (ROOT / "docs" / "architecture.md").read_text().partition("\n## Layout\n")
    drawn = re.findall(r"^      ([a-z_]+(?:/|\.py))(.*)$", rest.partition("\n## ")[0], re.MULTILINE)
    named = [name for first, more in drawn for name in (first, *re.findall(r"(?<=[ ,])([a-z_]+\.py)", more))]
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = contracts[0]["layers"]
    layer_of = {
        module.strip().removeprefix("keytrail."): number
        for number, layer in enumerate(layers)
        for module in layer.split("|")
    }
    order = [layer_of[stem] for name in named if (stem := name.removesuffix("/").removesuffix(".py")) in layer_of]
    assert {name.removesuffix("/").removesuffix(".py") for name in named} >= layer_of.keys()
    assert order == sorted(order)


def test_every_field_of_a_study_is_explained_and_the_example_holds(tmp_path: Path) -> None:
    explained = (ROOT / "docs" / "studies.md").read_text()
    assert [name for name in StudyDefinition.model_fields if f"`{name}`" not in explained] == []
    (example,) = re.findall(r"```toml\n(.*?)```", explained, re.DOTALL)
    (tmp_path / "study.toml").write_text(example)
    assert read_definition(tmp_path / "study.toml").url_name == "my-study"


def test_every_setting_is_explained() -> None:
    explained = (ROOT / "docs" / "configuration.md").read_text()
    names = [PREFIX + name.upper() for name in Settings.model_fields]
    assert [name for name in names if f"`{name}`" not in explained] == []
