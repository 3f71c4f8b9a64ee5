import pytest

from keytrail.text.cross_submission.likeness import MOST_PER_ITEM, SubmittedText, homogeneity, likeness
from tests.text import toycorpus

ITEMS = {"ants": "Ants follow scent trails.", "bees": "Bees dance.", "cats": "the cat sat", "dogs": "the dog ran"}


def test_likeness_compares_other_peoples_texts_about_the_same_item() -> None:
    handed = [
        SubmittedText("ants", "a", "Small insects walk in long lines behind a smell."),
        SubmittedText("ants", "b", "Small insects walk in long lines behind a smell."),
        SubmittedText("ants", "b", "Completely different words were written down here."),
        SubmittedText("bees", "c", "Small insects walk in long lines behind a smell."),
    ]
    first, second, third, alone = likeness(handed, ITEMS)
    assert first == 0.5
    assert (second, third) == (1.0, 0.0)
    assert alone is None


def _handed(item: str, *texts: str) -> list[SubmittedText]:
    return [SubmittedText(item, f"person {place}", text) for place, text in enumerate(texts)]


def test_homogeneity_counts_what_the_item_did_not_give() -> None:
    texts = [
        *_handed("cats", "the cat sat down now", "the cat sat down there"),
        SubmittedText("dogs", "one", "alone here"),
    ]
    found = homogeneity(texts, ITEMS)
    assert found.mean_jaccard == pytest.approx(1 / 3)
    assert (found.pairs, found.texts, found.people) == (1, 3, 3)


def test_nobody_is_compared_with_himself_or_across_items() -> None:
    same = "Small insects walk in long lines."
    texts = [SubmittedText("ants", "a", same), SubmittedText("ants", "a", same), SubmittedText("bees", "b", same)]
    found = homogeneity(texts, ITEMS)
    assert (found.mean_jaccard, found.interval, found.pairs) == (None, None, 0)


def test_two_people_have_no_interval() -> None:
    assert homogeneity(_handed("cats", "the cat sat down now", "the cat sat down there"), ITEMS).interval is None


def test_the_interval_holds_the_mean_and_resamples_people() -> None:
    """The same texts by fewer people say less."""
    items = toycorpus.items()
    texts = [(toycorpus.item_id(n % 2), toycorpus.human_text(n % 2, 500 + n)) for n in range(40)]
    different = homogeneity([SubmittedText(item, f"{n}", text) for n, (item, text) in enumerate(texts)], items)
    together = homogeneity([SubmittedText(item, f"{n % 5}", text) for n, (item, text) in enumerate(texts)], items)
    assert different.mean_jaccard is not None
    assert different.interval is not None
    assert together.interval is not None
    assert different.interval.low < different.mean_jaccard < different.interval.high
    assert together.people == 5


def test_texts_with_one_phrase_in_common_are_more_alike() -> None:
    texts = [toycorpus.human_text(n % 8, 500 + n) for n in range(16)]
    found = [
        homogeneity([SubmittedText("ants", f"{n}", f"{phrase} {text}") for n, text in enumerate(texts)], ITEMS)
        for phrase in ("", "this study examined how well small insects find their way by a smell that they leave")
    ]
    plain, phrased = (one.mean_jaccard for one in found)
    assert plain is not None
    assert phrased is not None
    assert phrased > plain + 0.03
    assert found[1].words == found[0].words + 16


def test_of_many_texts_some_are_drawn() -> None:
    texts = _handed("cats", *(f"words number {n} and more" for n in range(MOST_PER_ITEM + 20)))
    found = homogeneity(texts, ITEMS)
    assert (found.texts, found.pairs) == (MOST_PER_ITEM, MOST_PER_ITEM * (MOST_PER_ITEM - 1) // 2)
    assert homogeneity(texts, ITEMS) == found
    assert sum(one is not None for one in likeness(texts, ITEMS)) == MOST_PER_ITEM
