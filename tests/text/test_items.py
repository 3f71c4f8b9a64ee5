from math import comb

import pytest

from keytrail.text.items import REFERENCE_DEPTH, look_up, profile_item, reference_shares
from keytrail.text.words.tokens import tokens_of, words_of

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


def test_a_reference_of_many_is_rarefied_among_the_others_alone() -> None:
    """From eleven references on a share is of ten drawn at random, and the text itself is not among those."""
    references = [f"number {'x' * number} {'stands' if number % 3 else 'lies'} alone" for number in range(1, 15)]
    for text in references[:3]:
        others = [reference for reference in references if reference != text]
        assert _shares(text, references) == pytest.approx(_shares(text, others), abs=1e-12)


def test_a_share_counts_for_more_where_references_are_less_alike() -> None:
    """Two items whose references share four words in five, and one in five: the same share, another level."""
    words = ("one", "two", "three", "four", "five", "six")
    alike = [f"the same four words {word}" for word in words]
    different = [f"the {word}{word} {word}a {word}b {word}" for word in words]
    text = words_of(tokens_of("the other text has nothing more"))
    near, far = (look_up(text, profile_item(ITEM, references)) for references in (alike, different))
    assert near.shares == far.shares
    assert near.shares[0] > 0
    quotient = profile_item(ITEM, alike).closeness[0] / profile_item(ITEM, different).closeness[0]
    assert quotient == pytest.approx(4, abs=0.5)
    assert far.levelled[0] / near.levelled[0] == pytest.approx(quotient**0.5)


def test_references_with_nothing_in_common_level_nothing_out_of_bounds() -> None:
    references = [f"{word}a {word}b {word}c" for word in ("one", "two", "three", "four", "five")]
    assert profile_item(ITEM, references).closeness == (0.0, 0.0, 0.0)
    view = look_up(words_of(tokens_of("onea oneb elsewhere")), profile_item(ITEM, references))
    assert all(0 <= levelled < 10 for levelled in view.levelled)
    none = look_up(["word"], profile_item(ITEM))
    assert none.shares == none.levelled == (0.0, 0.0, 0.0)


def test_equal_references_count_once_and_none_give_nothing() -> None:
    assert profile_item(ITEM, ["Same text.", "same  text"]).reference_count == 1
    assert _shares("one two", []) == [0.0, 0.0, 0.0]


def test_five_references_are_enough_and_four_are_not() -> None:
    references = [f"text {word}" for word in ("a", "b", "c", "d", "e")]
    assert profile_item(ITEM, references).has_references
    assert not profile_item(ITEM, references[:4]).has_references
