"""Names avoid the glossary's words to avoid, and no public class name is used in two packages."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "app" / "keytrail"
READ = {"app": ("*.py",), "templates": ("*.html",), "static": ("*.js", "*.css"), "tests": ("*.py", "*.js")}
# Parts of any name, and how functions may not be called. Lower case begins a part, or a capital letter in camelCase.
_WORST = re.compile(
    r"(?<![A-Za-z])desks?(?![a-z])|Desks?(?![a-z])|(?<![A-Za-z])standings(?![a-z])"
    r"|\b(?:def|function) (?:(?!test_)\w+_said|[a-z]\w*Said|_?(?:note|tell)(?:_|[A-Z])\w*)\b"
)


def words_to_avoid(document: str) -> set[str]:
    """The words in code font in the last column of the glossary's tables."""
    _, _, glossary = document.partition("\n## Glossary\n")
    section = re.split(r"\n## ", glossary)[0]
    rows = [line for line in section.splitlines() if line.startswith("| ")]
    return {word for row in rows for word in re.findall(r"`([a-z_]+)`", row.rstrip("| ").rpartition("|")[2])}


def bearing(modules: Iterable[str], words: set[str]) -> list[str]:
    """The modules of which a word, or the whole name, is to be avoided."""
    return sorted(
        module for module in modules for name in module.split("/") if name in words or words & set(name.split("_"))
    )


def worst_words(text: str) -> list[str]:
    """The names of a file that no file may have; a help desk is one."""
    return _WORST.findall(text.replace("help desk", ""))


def in_two_packages(classes: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    """Public classes by the packages that define them, where those are several."""
    return {name: sorted(set(found)) for name, found in classes.items() if len(set(found)) > 1}


def public_classes() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for path in PACKAGE.rglob("*.py"):
        package = path.parent.relative_to(PACKAGE).as_posix()
        if package.partition("/")[0] != "sandbox":  # a marketplace of its own, which knows nothing of Keytrail's words
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                    found[node.name].append(package)
    return found


def test_no_module_bears_a_word_that_the_glossary_avoids() -> None:
    words = words_to_avoid((ROOT / "docs" / "architecture.md").read_text(encoding="utf-8"))
    modules = [path.relative_to(PACKAGE).with_suffix("").as_posix() for path in PACKAGE.rglob("*.py")]
    assert len(words) >= 30  # the table was found and read
    assert bearing(modules, words) == []


def test_no_file_has_one_of_the_worst_names() -> None:
    files = [path for folder, kinds in READ.items() for kind in kinds for path in (ROOT / folder).rglob(kind)]
    files = [path for path in files if path != Path(__file__)]
    assert {path.relative_to(ROOT).parts[0] for path in files} == set(READ)
    found = {path.relative_to(ROOT).as_posix(): worst_words(path.read_text(encoding="utf-8")) for path in files}
    assert {name: words for name, words in found.items() if words} == {}


@pytest.mark.parametrize(
    "code",
    [
        "class Desk:",
        "stayOnDesk(url)",
        "data-desk",
        "on_the_desk(",
        "def standings(wanted)",
        "def length_said(count)",
        "function costSaid(items)",
        "def note_failure(db)",
        "function tellZone(page)",
    ],
)
def test_the_worst_names_are_found(code: str) -> None:
    assert worst_words(code)


@pytest.mark.parametrize(
    "code", ["a desktop", "Desktop", "Ask its help desk", "understandings", "def test_it_is_said()", "def notebook()"]
)
def test_names_that_look_alike_are_left_alone(code: str) -> None:
    assert worst_words(code) == []


def test_no_public_class_stands_in_two_packages() -> None:
    classes = public_classes()
    assert "WritingSession" in classes
    assert in_two_packages(classes) == {}


def test_a_word_is_found_alone_and_as_a_part_of_a_name() -> None:
    modules = ["worker/desk", "worker/kept_out", "worker/desktop", "kept/lookup", "worker/context"]
    assert bearing(modules, {"desk", "kept"}) == ["kept/lookup", "worker/desk", "worker/kept_out"]


def test_a_class_in_two_packages_is_found() -> None:
    assert in_two_packages({"Desk": ["worker", "review/queue"], "Study": ["models", "models"]}) == {
        "Desk": ["review/queue", "worker"]
    }


def test_the_words_are_read_from_the_last_column_of_the_glossary_alone() -> None:
    before, after = "| a | `other` |\n", "\n## Next\n\n| b | `more` |\n"
    document = f"{before}\n## Glossary\n\n| say | not |\n|---|---|\n| `cache` | `kept`, prose |\n{after}"
    assert words_to_avoid(document) == {"kept"}
