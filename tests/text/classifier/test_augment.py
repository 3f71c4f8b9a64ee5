import numpy as np

from keytrail.text.classifier.augment import corrupted, extracts, first_words, truncated, with_typos
from keytrail.text.words.tokens import tokens_of, words_of

ITEM = " ".join(
    f"Sentence number {word} says something about the matter." for word in ["one", "two", "three", "four", "five"]
)


def test_extracts_stand_in_the_item() -> None:
    made = extracts(ITEM * 4, np.random.default_rng(1), 30)
    assert len(set(made)) > 10
    words = set(words_of(tokens_of(ITEM)))
    assert all(set(words_of(tokens_of(extract))) <= words for extract in made)


def test_items_of_one_sentence_have_extracts_too() -> None:
    assert extracts("Only one sentence here.", np.random.default_rng(1), 3) == ["Only one sentence here."] * 3


def test_truncation_keeps_the_beginning() -> None:
    text = " ".join(f"w{number}" for number in range(200))
    for seed in range(20):
        short = truncated(text, np.random.default_rng(seed))
        assert text.startswith(short)
        assert 45 <= len(short.split()) <= 160
    assert truncated("too short to cut", np.random.default_rng(0)) == "too short to cut"
    assert first_words(text, 2) == "w0 w1"


def test_typing_errors_come_at_their_rate_and_the_same_for_the_same_seed() -> None:
    text = "abcdefghij " * 400
    changed = with_typos(text, np.random.default_rng(3), 0.05)
    assert changed == with_typos(text, np.random.default_rng(3), 0.05)
    wrong = sum(word != "abcdefghij" for word in changed.split()) / 400
    assert 0.3 < wrong < 0.55


def test_corruption_changes_case_now_and_then() -> None:
    made = {corrupted("A Text", np.random.default_rng(seed), 0.0) for seed in range(20)}
    assert {"A Text", "a text", "A TEXT"} <= made
