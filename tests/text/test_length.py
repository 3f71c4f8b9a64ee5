"""The length of a text in words and characters: tests/js/worker.test.js uses the same cases."""

import json
from pathlib import Path
from typing import Any

import pytest

from keytrail.text.length import count_characters, count_words

CASES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "lengths.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[ascii(case["text"]) for case in CASES])
def test_words_and_characters_are_counted_as_on_the_page(case: dict[str, Any]) -> None:
    assert (count_words(case["text"]), count_characters(case["text"])) == (case["words"], case["characters"])
