from math import comb

import pytest

from app.text.items import REFERENCE_DEPTH, profile_item, reference_shares
from app.text.tokens import tokens_of, words_of

ITEM = "alpha beta gamma delta"


def _shares(text: str, references: list[str]) -> list[float]:
    return reference_shares(words_of(tokens_of(text)), profile_item(ITEM, references))


def test_runs_of_the_item_never_count() -> None:
    assert _shares(ITEM, [ITEM + " epsilon"] * 3) == [0.0, 0.0, 0.0]


def test_a_share_is_of_the_runs_outside_the_item() -> None:
    references = [f"one two {'x' * number}" for number in range(1, 6)]
    first, second, third = _shares("alpha one two beta", references)
    assert first == pytest.approx(2 / (2 + 8))
    assert second == pytest.approx(1 / (3 + 8))
    assert third == 0.0


def test_more_references_do_not_raise_a_share_by_their_number_alone() -> None:
    half = [f"seen {'a' * n}" if n % 2 else f"other {'a' * n}" for n in range(1, 21)]
    ten, twenty = (_shares("seen word", half[:number])[0] for number in (10, 20))
    found = 1 - comb(10, REFERENCE_DEPTH) / comb(20, REFERENCE_DEPTH)
    assert twenty == pytest.approx(found / (2 + 8))
    assert abs(twenty - ten) < 1e-4


def test_a_reference_is_compared_with_the_others_alone() -> None:
    references = [f"number {word} stands alone" for word in ("one", "two", "three", "four", "five", "six")]
    left_out = _shares(references[0], references)
    assert left_out == pytest.approx(_shares(references[0], references[1:]))
    assert left_out[2] < _shares(references[0] + " x", references)[2]


def test_equal_references_count_once_and_none_give_nothing() -> None:
    assert profile_item(ITEM, ["Same text.", "same  text"]).reference_count == 1
    assert _shares("one two", []) == [0.0, 0.0, 0.0]


def test_five_references_are_enough_and_four_are_not() -> None:
    references = [f"text {word}" for word in ("a", "b", "c", "d", "e")]
    assert profile_item(ITEM, references).has_references
    assert not profile_item(ITEM, references[:4]).has_references
