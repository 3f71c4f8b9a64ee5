"""Regular expressions, and functions built on them, take linear time on any text."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from keytrail.text.words.copying import copied_share
from keytrail.text.words.marks import chat_boilerplate, unusual_characters
from keytrail.text.words.normalise import normalise
from keytrail.text.words.tokens import located_words, sentences_of, tokens_of
from tests.patterns.finding import Used
from tests.patterns.hostile import LENGTH
from tests.patterns.trying import BOUND_S, TooSlow, try_all

_ROOT = Path(__file__).parents[2]
_FEWEST = 40


def test_every_pattern_of_the_code_base_is_linear() -> None:
    command = [sys.executable, "-m", "tests.patterns.trying"]
    told = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, check=True, timeout=600)
    count, *slow = told.stdout.strip().split("\n")
    assert slow == []
    assert int(count) >= _FEWEST, "the patterns are not found any more"


@pytest.mark.parametrize("pattern", [r"\s*-", r"(a+)+b", r"^\s*sure", r"(\*\*)(?=\S)(.+?)(?<=\S)\1"])
def test_a_pattern_that_is_not_linear_is_named(pattern: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.patterns.trying.BOUND_S", 0.5)
    assert len(try_all([Used("here", re.compile(pattern, re.MULTILINE), anchored=False)])) == 1


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
    text = (piece * (LENGTH // len(piece) + 1))[:LENGTH]
    for read in (normalise, tokens_of, sentences_of, chat_boilerplate, unusual_characters):
        read(text)
    list(located_words(text))
    copied_share(text, text)


def test_a_number_longer_than_python_reads_is_no_failure() -> None:
    endless = "&#" + "1" * 5000 + ";"
    assert normalise(f"A {endless} b") == f"A {endless} b"


def test_marks_that_are_never_closed_stay_and_closed_ones_go() -> None:
    assert normalise("**a **b and ~~c~~ and **d**") == "a **b and c and **d"
