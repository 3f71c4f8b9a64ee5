import numpy as np
import pytest

from keytrail.text.cross_submission.similarity import near_duplicates
from keytrail.text.words.copying import ngrams

RANDOM = np.random.default_rng(4)
WORDS = [f"{first}{second}" for first in "bcdfghklmn" for second in ("a", "ei", "oro", "ust", "ilk", "ent")]


def _text(length: int = 90) -> list[str]:
    return [str(word) for word in RANDOM.choice(WORDS, length)]


def _edited(words: list[str], changes: int) -> str:
    changed = list(words)
    for place in RANDOM.choice(len(words), changes, replace=False):
        changed[place] = "other"
    return " ".join(changed)


def test_edited_copies_are_found_and_strangers_are_not() -> None:
    originals = [_text() for _ in range(40)]
    texts = {f"a{number:02}": " ".join(words) for number, words in enumerate(originals)}
    texts |= {f"b{number:02}": _edited(words, 4) for number, words in enumerate(originals)}
    pairs = near_duplicates(texts)
    assert {(pair.first, pair.second) for pair in pairs} == {(f"a{n:02}", f"b{n:02}") for n in range(40)}
    assert all(0.6 < pair.shingle_similarity < 1 and pair.character_similarity > 0.85 for pair in pairs)


def test_reported_similarity_is_exact() -> None:
    words = _text()
    changed = _edited(words, 3)
    (pair,) = near_duplicates({"x": " ".join(words), "y": changed})
    first, second = ngrams(words, 3), ngrams(changed.split(), 3)
    assert pair.shingle_similarity == pytest.approx(len(first & second) / len(first | second))


def test_case_and_typography_do_not_hide_a_copy() -> None:
    text = " ".join(_text())
    (pair,) = near_duplicates({"x": text, "y": text.upper().replace(" ", "\u00a0 ")})
    assert pair.shingle_similarity == 1
    assert pair.as_json()["character_similarity"] == 1


def test_against_compares_across_only() -> None:
    text = " ".join(_text())
    pairs = near_duplicates({"w1": text, "w2": text}, against={"r1": text})
    assert {(pair.first, pair.second) for pair in pairs} == {("r1", "w1"), ("r1", "w2")}


def test_the_same_passage_of_the_item_makes_nobody_alike() -> None:
    item = " ".join(_text())
    texts = {"x": item + " " + " ".join(_text(30)), "y": item + " " + " ".join(_text(30))}
    assert near_duplicates(texts)
    assert not near_duplicates(texts, item_texts=[item])


def test_hundreds_of_equal_texts_stay_one_chain() -> None:
    text = " ".join(_text())
    pairs = near_duplicates({f"{number:04}": text for number in range(300)})
    joined = {"0000"}
    for pair in sorted(pairs, key=lambda pair: pair.first):
        if pair.first in joined:
            joined.add(pair.second)
    assert len(joined) == 300
