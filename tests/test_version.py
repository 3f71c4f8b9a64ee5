"""The version stands in one place; what repeats it agrees."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

from keytrail import __version__

ROOT = Path(__file__).parents[1]


def test_the_package_takes_its_version_from_the_code() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert settings["project"]["dynamic"] == ["version"]
    assert "version" not in settings["project"]
    assert settings["tool"]["hatch"]["version"] == {"path": "app/keytrail/__init__.py"}


def test_the_citation_and_the_images_name_it() -> None:
    assert yaml.safe_load((ROOT / "CITATION.cff").read_text())["version"] == __version__
    images = re.findall(r"image: \S+/keytrail:(\S+)", (ROOT / "deploy" / "kubernetes.yaml").read_text())
    assert images
    assert set(images) == {__version__}


def test_the_changelog_has_it() -> None:
    assert f"\n## {__version__} (" in (ROOT / "CHANGELOG.md").read_text()


@pytest.mark.parametrize(
    ("tag", "heading", "says"),
    [
        ("v1.2.0", "## 1.2.0 (2027-01-31)", ""),
        ("v1.2.1", "## 1.2.0 (2027-01-31)", "says 1.2.0"),
        ("1.2.0", "## 1.2.0 (2027-01-31)", "says 1.2.0"),
        ("v1.2.0", "## 1.2.0 (unreleased)", "no heading"),
    ],
)
def test_a_release_needs_the_tag_of_the_version_and_a_date(tmp_path: Path, tag: str, heading: str, says: str) -> None:
    for folder in (".ci", "app/keytrail"):
        (tmp_path / folder).mkdir(parents=True)
    check = Path(shutil.copy(ROOT / ".ci" / "check-tag", tmp_path / ".ci"))
    (tmp_path / "app" / "keytrail" / "__init__.py").write_text('"""Words."""\n\n__version__ = "1.2.0"\n')
    (tmp_path / "CHANGELOG.md").write_text(f"# Changelog\n\n{heading}\n")
    done = subprocess.run([str(check), tag], capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode == 0) == (says == "")
    assert says in done.stderr


def test_nothing_is_released_before_its_tag_and_the_tests_are_checked() -> None:
    jobs = yaml.safe_load((ROOT / ".github" / "workflows" / "release.yml").read_text())["jobs"]
    assert set(jobs["build"]["needs"]) == {"version", "test"}
    assert jobs["publish"]["needs"] == "build"
    assert jobs["test"]["uses"] == "./.github/workflows/test.yml"
    assert jobs["version"]["steps"][-1]["run"].startswith(".ci/check-tag ")
    assert "workflow_call" in yaml.safe_load((ROOT / ".github" / "workflows" / "test.yml").read_text())[True]
