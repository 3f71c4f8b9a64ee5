import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keytrail.provenance.matching.diff import align
from keytrail.provenance.matching.spelling import distance
from keytrail.provenance.matching.tiling import TiledText, common

small = st.text(st.sampled_from("ab "), max_size=60)
words = st.text(st.sampled_from("abc"), max_size=9)


@settings(deadline=None)
@given(small, small, st.sampled_from([1, 3, 8, 16, 20]))
def test_runs_are_passages_of_both_texts(text: str, corpus: str, least: int) -> None:
    done = 0
    for run in TiledText(corpus, least).runs(text):
        assert run.start >= done
        assert run.end - run.start >= least
        assert text[run.start : run.end] == corpus[run.at : run.at + run.end - run.start]
        done = run.end


@settings(deadline=None)
@given(st.text(st.characters(min_codepoint=97, max_codepoint=122), max_size=40), st.integers(0, 40), st.integers(0, 40))
def test_a_long_passage_is_always_found(text: str, start: int, stop: int) -> None:
    passage = text[start:stop]
    found = TiledText(text, 20).runs(f"!{passage}!")
    assert bool(found) == (len(passage) >= 20)


@given(small, small)
def test_alignment_keeps_the_order_of_both_texts(old: str, new: str) -> None:
    new_at = old_at = 0
    for block in align(old, new):
        assert block.new_at >= new_at
        assert block.old_at >= old_at
        assert old[block.old_at : block.old_at + block.size] == new[block.new_at : block.new_at + block.size]
        new_at, old_at = block.new_at + block.size, block.old_at + block.size


@given(small)
def test_a_text_aligns_wholly_with_itself(text: str) -> None:
    assert sum(block.size for block in align(text, text)) == len(text)


def test_of_passages_that_changed_places_the_longer_series_is_kept() -> None:
    one, two, three = "first passage, ", "second passage, ", "third passage, "
    old, new = f"<{one}{two}{three}>", f"[{three}{one}{two}]"
    assert [new[block.new_at : block.new_at + block.size] for block in align(old, new)] == [one + two]


def test_alignment_finds_what_stayed_around_a_change() -> None:
    old, new = "The loft was painted white in May.", "So the loft was painted blue in May."
    aligned = "".join(new[block.new_at : block.new_at + block.size] for block in align(old, new))
    assert aligned == "he loft was painted e in May."


@given(small, st.integers(0, 60), small, st.integers(0, 60))
def test_common_stretches(left: str, left_at: int, right: str, right_at: int) -> None:
    left_at, right_at = min(left_at, len(left)), min(right_at, len(right))
    size = common(left, left_at, right, right_at)
    assert left[left_at : left_at + size] == right[right_at : right_at + size]
    following = left[left_at + size : left_at + size + 1], right[right_at + size : right_at + size + 1]
    assert "" in following or following[0] != following[1]


def plain_distance(left: str, right: str) -> int:
    if not left or not right:
        return len(left) + len(right)
    return min(
        plain_distance(left[1:], right) + 1,
        plain_distance(left, right[1:]) + 1,
        plain_distance(left[1:], right[1:]) + (left[0] != right[0]),
    )


@settings(deadline=None, max_examples=60)
@given(st.text(st.sampled_from("ab"), max_size=5), st.text(st.sampled_from("ab"), max_size=5), st.integers(0, 4))
def test_edit_distance(left: str, right: str, most: int) -> None:
    assert distance(left, right, most) == min(plain_distance(left, right), most + 1)


@pytest.mark.parametrize(
    ("left", "right", "most", "expected"),
    [
        ("pschologicaly", "psychologically", 3, 2),  # a letter missing at each end of a long word
        ("pschologicaly", "psychologically", 2, 2),
        ("pschologicaly", "psychologically", 1, 2),
        ("aaabb", "abbaa", 2, 3),  # four edits; no row of the table is above two before its last cell
    ],
)
def test_edit_distance_at_its_bound(left: str, right: str, most: int, expected: int) -> None:
    assert distance(left, right, most) == expected


@pytest.mark.parametrize("size", [2_000, 20_000])
def test_repetitive_texts_take_no_quadratic_work(size: int) -> None:
    # Every seed occurs everywhere; with all places tried this would run for hours at the larger size.
    assert TiledText("ab" * size, 8).runs("ab" * size)[0].end == 2 * size
