"""Each `keytrail` command line of the documents names commands and options that exist, and no word too many."""

import re
import shlex
from pathlib import Path

import pytest
import typer
from typer.core import TyperGroup
from typer.main import get_command

from keytrail.cli import app

ROOT = Path(__file__).parents[2]
DOCUMENTS = [*ROOT.glob("*.md"), *ROOT.glob("deploy/**/*.*"), ROOT / "compose.yaml", *ROOT.glob("docs/**/*.md")]
GENERATED = ROOT / "docs" / "reference"
# Typer does not export it under a name of its own.
_USAGE_ERROR: type[typer.BadParameter] = typer.BadParameter.__base__  # type: ignore[assignment]
_INLINE = re.compile(r"`keytrail ([^`]+)`")
_BLOCK = re.compile(r"^(?: {4,}|\$ |)(?:[A-Z_]+=\S+ )*(?:\S.*(?:/bin/|-- |\.whl ))?keytrail ([^`\n]+)$", re.MULTILINE)
_COMPOSE = re.compile(r'^ {4}docker compose run --rm (?:--volume "\S+" )?app ([^`\n]+)$', re.MULTILINE)
_END = {"|", "||", "&&", ";", ">", "<", "#", "(", "\\"}


def documented() -> list[tuple[str, str]]:
    """Return (document, command line) pairs, without the commands' pages that are generated from the code."""
    found: set[tuple[str, str]] = set()
    for document in DOCUMENTS:
        if document.is_file() and not document.is_relative_to(GENERATED):
            found.update((str(document.relative_to(ROOT)), line) for line in command_lines(document))
    return sorted(found)


def command_lines(document: Path) -> list[str]:
    """Return a document's command lines in their order, each once."""
    text = document.read_text()
    found = sorted((match.start(1), match[1]) for kind in (_INLINE, _BLOCK, _COMPOSE) for match in kind.finditer(text))
    return list(dict.fromkeys(choice for _, line in found for choice in choices(line.strip())))


def choices(line: str) -> list[str]:
    """Return a line for each of its "one|other" words."""
    either = re.search(r"[\w-]+(?:\|[\w-]+)+", line)
    return [line.replace(either[0], choice) for choice in either[0].split("|")] if either else [line]


def words(line: str) -> list[str]:
    """Return the words of a command line up to a comment, a redirection or the next command."""
    ended = []
    for word in shlex.split(re.sub(r"[\[\]]", "", line), comments=True):
        if word in _END or word.startswith((">", "2>", "(")):
            break
        ended.append(word)
    # "[STUDY...]" and "..." stand for any number of words.
    return [word for word in ended if "..." not in word]


def unknown(line: str) -> str | None:
    """Return what the command line cannot understand, or nothing. Required words may be missing in running text."""
    rest = words(line)
    command = get_command(app)
    context = typer.Context(command, info_name="keytrail")
    while isinstance(command, TyperGroup) and rest and not rest[0].startswith("-"):
        name = rest.pop(0)
        found = command.get_command(context, name)
        if found is None:
            return f"there is no command {name}"
        command, context = found, typer.Context(found, info_name=name, parent=context)
    try:
        _, left, _ = command.make_parser(context).parse_args(rest)
    except _USAGE_ERROR as error:
        message = error.format_message()
        # Running text names options without their values.
        return None if message.endswith("requires an argument.") else message
    return f"unexpected: {left}" if left and not isinstance(command, TyperGroup) else None


def test_there_are_command_lines_to_look_at() -> None:
    assert len(documented()) > 50


@pytest.mark.parametrize(("document", "line"), documented())
def test_a_documented_command_line_is_understood(document: str, line: str) -> None:
    assert unknown(line) is None


@pytest.mark.parametrize("line", ["publish x", "study create a.toml b.toml", "serve --threads 4", "study make x"])
def test_a_command_line_that_is_wrong_is_noticed(line: str) -> None:
    assert unknown(line) is not None
