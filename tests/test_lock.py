"""The lock files satisfy pyproject.toml. `make lock` writes them."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
_LOCKED = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)", re.MULTILINE)
_PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
_ASKED = {
    "runtime": _PROJECT["dependencies"],
    "dev": [*_PROJECT["dependencies"], *_PROJECT["optional-dependencies"]["dev"]],
}


@pytest.mark.parametrize("name", _ASKED)
def test_every_dependency_is_locked_within_its_bounds(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    locked = {(canonicalize_name(package), version) for package, version in _LOCKED.findall(text)}
    unmet = []
    for line in _ASKED[name]:
        asked = Requirement(line)
        versions = [version for package, version in locked if package == canonicalize_name(asked.name)]
        if not versions or not all(asked.specifier.contains(version) for version in versions):
            unmet.append(f"{line}: locked {versions}")
    assert unmet == [], "run make lock"


@pytest.mark.parametrize("name", _ASKED)
def test_every_locked_version_has_hashes_and_no_address(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    for entry in re.split(r"\n(?=\S)", text):
        if not entry.startswith("#"):
            assert "==" in entry
            assert "--hash=sha256:" in entry
    assert "://" not in text
    assert "--index-url" not in text
    assert "--find-links" not in text


def test_what_is_locked_is_audited_and_every_release_lists_it() -> None:
    """Of the file that the image installs, with its hashes."""
    audit, release = ((ROOT / ".github" / "workflows" / f"{name}.yml").read_text() for name in ("audit", "release"))
    assert "pip-audit --require-hashes -r requirements/runtime.txt" in audit
    assert "npm audit" in audit
    for workflow in (audit, release):
        assert "cyclonedx-py requirements requirements/runtime.txt --output-file sbom.json" in workflow
    assert "--require-hashes" in (ROOT / "Dockerfile").read_text()
