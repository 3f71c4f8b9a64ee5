"""Evaluate the classifier on the lab texts, and measure its speed."""

import time
from dataclasses import dataclass

import numpy as np

from keytrail.synthetic.replication.material import Material
from keytrail.text.classifier.augment import first_words
from keytrail.text.classifier.corpus import Corpus, TrainingText, build_corpus, text_key
from keytrail.text.classifier.evaluation import Evaluation, evaluate
from keytrail.text.classifier.model import TextModel, train_model
from keytrail.text.classifier.samples import scoring_profiles
from keytrail.text.cross_submission.similarity import near_duplicates
from keytrail.text.words.tokens import sentences_of

_TIMED_TEXTS = 450
_COMPARED_TEXTS = 10_000
_BEGINNINGS = (80, 60, 50)


@dataclass(frozen=True)
class Speed:
    """Processor time on this machine; a figure of the machine, not of the method."""

    training_seconds: float
    training_texts: int
    scoring_ms: float
    """Per text, median of the field texts, with its item already read."""
    similarity_seconds: float | None
    """Near-duplicates among 10,000 texts; None if it was not asked for."""


@dataclass(frozen=True)
class Lab:
    """The model for the field texts, its evaluation and its speed."""

    corpus: Corpus
    model: TextModel
    evaluation: Evaluation
    speed: Speed


def work_in_the_lab(material: Material, *, repeats: int, compare: bool) -> Lab:
    """Train on the lab texts and evaluate by item. `compare` also times similarity over 10,000 texts."""
    corpus = build_corpus(material.items, material.human, material.generated)
    model = train_model(corpus)
    evaluation = evaluate(material.items, material.human, material.generated, repeats=repeats)
    return Lab(corpus, model, evaluation, _speed(material, corpus, model, compare=compare))


def _speed(material: Material, corpus: Corpus, model: TextModel, *, compare: bool) -> Speed:
    timed = _enlarged(corpus)
    start = time.process_time()
    train_model(timed)
    training = time.process_time() - start
    profiles = scoring_profiles(corpus)
    spent = []
    for submission in material.field:
        start = time.process_time()
        model.assess(submission.text, profiles[submission.item_id])
        spent.append(time.process_time() - start)
    return Speed(
        training, len(timed.texts), 1000 * float(np.median(spent)), _similarity_seconds(material) if compare else None
    )


def _enlarged(corpus: Corpus) -> Corpus:
    """Extend the corpus to 450 texts with truncations, to time the training; that model is discarded."""
    texts = {text_key(text.text): text for text in corpus.texts}
    for words in _BEGINNINGS:
        for text in corpus.texts:
            short = first_words(text.text, words)
            texts.setdefault(text_key(short), TrainingText(text.item_id, short, text.label))
    return Corpus(corpus.items, list(texts.values())[:_TIMED_TEXTS], corpus.references)


def _similarity_seconds(material: Material) -> float:
    """Time near-duplicates on texts assembled at random from sentences of the lab and field texts."""
    texts = [*(text.text for text in material.human), *(submission.text for submission in material.field)]
    sentences = [sentence for text in texts for sentence in sentences_of(text)]
    random = np.random.default_rng(0)
    many = {
        str(number): " ".join(sentences[place] for place in random.integers(len(sentences), size=6))
        for number in range(_COMPARED_TEXTS)
    }
    start = time.process_time()
    near_duplicates(many)
    return time.process_time() - start
