from dataclasses import replace

import pytest

from keytrail.errors import BadRequest
from keytrail.text.classifier.corpus import (
    Corpus,
    CorpusSource,
    Label,
    TrainingText,
    build_corpus,
    mirrored,
    split_generations,
)
from tests.text import toycorpus

TEXTS = [f"generation number {word} of this item" for word in ["a", "b", "c", "d", "e", "f", "g"]]


def test_a_generation_is_a_reference_or_an_example_and_never_both() -> None:
    references, examples = split_generations(TEXTS)
    assert sorted(references + examples) == sorted(TEXTS)
    assert (len(references), len(examples)) == (3, 4)


def test_the_split_depends_on_neither_order_nor_typography() -> None:
    references, _ = split_generations(TEXTS)
    again, _ = split_generations(text.upper() + " " for text in reversed(TEXTS))
    assert [text.strip().lower() for text in again] == references


def test_equal_generations_fall_together() -> None:
    references, examples = split_generations([*TEXTS, *(text + "\u200b" for text in TEXTS)])
    assert len(references) + len(examples) == len(TEXTS)


def test_another_seed_splits_otherwise() -> None:
    splits = {tuple(sorted(split_generations(TEXTS, seed)[0])) for seed in range(8)}
    assert len(splits) > 3


def test_a_text_that_is_reference_and_example_is_refused() -> None:
    text = TrainingText("i", TEXTS[0], Label.LLM)
    with pytest.raises(BadRequest, match="both a reference and a training text"):
        Corpus({"i": "item"}, [text], {"i": [TEXTS[0] + "\u00a0"]})


def test_texts_about_unknown_items_are_refused() -> None:
    with pytest.raises(BadRequest, match="items that are not there: j"):
        Corpus({"i": "item"}, [TrainingText("j", "x", Label.HUMAN)])


def test_building_a_corpus_keeps_the_halves_apart() -> None:
    corpus = build_corpus({"i": "item"}, [TrainingText("i", "by hand", Label.HUMAN)], {"i": TEXTS})
    examples = {text.text for text in corpus.texts if text.label is Label.LLM}
    assert examples.isdisjoint(corpus.references["i"])
    assert len(corpus.texts) == 5


def test_the_mirrored_corpus_has_every_generation_in_the_other_place() -> None:
    corpus = toycorpus.toy_corpus()
    own = TrainingText("item-0", "Somebody's own session.", Label.LLM, CorpusSource.OWN_STUDY)
    corpus = replace(corpus, texts=[*corpus.texts, own])
    other = mirrored(corpus)
    examples, turned = ({t.text for t in one.texts if t.label is Label.LLM} - {own.text} for one in (corpus, other))
    references, back = ({t for texts in one.references.values() for t in texts} for one in (corpus, other))
    assert (turned, back) == (references, examples)
    assert own in other.texts
    assert [t for t in other.texts if t.label is Label.HUMAN] == [t for t in corpus.texts if t.label is Label.HUMAN]
