"""Regular expressions, and functions built on them, take linear time on any text."""

import re
import signal
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from keytrail.text.words.copying import copied_share
from keytrail.text.words.marks import chat_boilerplate, unusual_characters
from keytrail.text.words.normalise import normalise
from keytrail.text.words.tokens import located_words, sentences_of, tokens_of
from tests.patterns.finding import Used, in_place
from tests.patterns.hostile import LENGTH
from tests.patterns.trying import BOUND_S, TooSlow, try_all

_ROOT = Path(__file__).parents[2]
_FEWEST = 40


def test_every_pattern_of_the_code_base_is_linear() -> None:
    command = [sys.executable, "-m", "tests.patterns.trying"]
    finished = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, check=True, timeout=600)
    count, *slow = finished.stdout.strip().split("\n")
    assert slow == []
    assert int(count) >= _FEWEST, "the patterns are not found any more"


@pytest.mark.parametrize("pattern", [r"\s*-", r"(a+)+b", r"^\s*sure", r"(\*\*)(?=\S)(.+?)(?<=\S)\1"])
def test_a_pattern_that_is_not_linear_is_named(pattern: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.patterns.trying.BOUND_S", 0.5)
    assert len(try_all([Used("here", re.compile(pattern, re.MULTILINE), anchored=False)])) == 1


def test_patterns_are_found_by_name_and_with_their_flags() -> None:
    module = ModuleType("made_up")
    source = r"""
import re
NAMED = r"a+$"
KINDS = {"b": "b+"}
def use(text, local):
    re.sub(NAMED, "", text, 0, re.MULTILINE)
    re.search(KINDS["b"], text, flags=re.DOTALL | re.IGNORECASE)
    re.fullmatch(f"{NAMED}c", text)
    re.compile("d+", re.ASCII).search(text)
    re.split(re.compile("e", re.VERBOSE), text)
    re.match(local, text)
"""
    exec(source, vars(module))
    found = in_place(module, source)
    assert {(used.pattern.pattern, used.pattern.flags & ~re.UNICODE, used.anchored) for used in found} == {
        ("a+$", re.MULTILINE, False),
        ("b+", re.DOTALL | re.IGNORECASE, False),
        ("a+$c", 0, True),
        ("d+", re.ASCII, False),
        ("e", re.VERBOSE, False),
    }


@pytest.fixture
def _bounded() -> Iterator[None]:
    def stop(*_: object) -> None:
        raise TooSlow

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, 5 * BOUND_S)
    yield
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    signal.signal(signal.SIGVTALRM, before)


@pytest.mark.usefixtures("_bounded")
@pytest.mark.parametrize(
    "piece",
    [
        "word" + "\n" * 10_000, " ", "\n", "**a ", "~~a **b __c ", "[", "[a](", "&amp;", "&#1", "a\u0301\u0323",
        "\u0301\u0323",         "- ", "--", "\ufdfa", "1. ", "-" * 1000 + "\n", "in about 1", "as an ai ", "`a", "'a",
    ],
)  # fmt: skip
def test_a_hostile_text_is_read_in_linear_time(piece: str) -> None:
    # A ligature is read as the letters that it stands for: so many characters after that.
    expanded = len(unicodedata.normalize("NFKC", piece)) / len(piece)
    text = (piece * (LENGTH // len(piece) + 1))[: int(LENGTH / max(1, expanded))]
    for read in (normalise, tokens_of, sentences_of, chat_boilerplate, unusual_characters):
        read(text)
    list(located_words(text))
    copied_share(text, text)


def test_a_number_longer_than_python_reads_is_no_failure() -> None:
    endless = "&#" + "1" * 5000 + ";"
    assert normalise(f"A {endless} b") == f"A {endless} b"


def test_marks_that_are_never_closed_stay_and_closed_ones_go() -> None:
    assert normalise("**a **b and ~~c~~ and **d**") == "a **b and c and **d"
