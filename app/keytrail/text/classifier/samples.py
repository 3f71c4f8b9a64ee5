"""Turn a corpus into training samples: every text whole, truncated and corrupted, and extracts of every item."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from keytrail.text.classifier.augment import corrupted, extracts, truncated
from keytrail.text.classifier.corpus import Corpus, CorpusSource, Label, mirrored, text_key
from keytrail.text.classifier.features import TextFeatures, read_features
from keytrail.text.items import ItemProfile, profile_item

EXTRACTS_PER_ITEM = 9


class SampleKind(StrEnum):
    """How a sample was made from a text."""

    WHOLE = "whole"
    TRUNCATED = "truncated"
    CORRUPTED = "corrupted"
    EXTRACT = "extract"


@dataclass(frozen=True)
class TrainingSample:
    """The features of one text, with its label."""

    item_id: str
    synthetic: bool
    kind: SampleKind
    source: CorpusSource
    key: str
    """Fingerprint of the text from which it was made; empty for extracts."""
    features: TextFeatures
    has_references: bool


def profiles_of(corpus: Corpus) -> dict[str, ItemProfile]:
    """Return the items with their references, for training and for texts that were held out with their item."""
    return {item: profile_item(text, corpus.references.get(item, ())) for item, text in corpus.items.items()}


def scoring_profiles(corpus: Corpus) -> dict[str, ItemProfile]:
    """Return the items for a model trained on the corpus: each half of the model uses its own references."""
    other = mirrored(corpus).references
    return {
        item: profile_item(text, corpus.references.get(item, ()), other.get(item, ()))
        for item, text in corpus.items.items()
    }


def samples_of(corpus: Corpus, seed: int = 0) -> list[TrainingSample]:
    """Return all samples of a corpus, in its order. Randomness depends on the seed and the text, not on the rest of the
    corpus.
    """
    profiles = profiles_of(corpus)
    samples: list[TrainingSample] = []
    for text in corpus.texts:
        key = text_key(text.text)
        random = np.random.default_rng([seed, int(key[:12], 16)])
        shortened = truncated(text.text, random)
        versions = (
            (SampleKind.WHOLE, text.text),
            (SampleKind.TRUNCATED, shortened),
            (SampleKind.CORRUPTED, corrupted(truncated(text.text, random), random)),
        )
        profile = profiles[text.item_id]
        samples += [
            TrainingSample(
                text.item_id,
                text.label is Label.LLM,
                kind,
                text.source,
                key,
                read_features(version, profile),
                profile.has_references,
            )
            for kind, version in versions
        ]
    for item_id, item_text in corpus.items.items():
        samples += _extract_samples(item_id, item_text, profiles[item_id], seed)
    return samples


def _extract_samples(item_id: str, item_text: str, profile: ItemProfile, seed: int) -> Sequence[TrainingSample]:
    random = np.random.default_rng([seed, int(text_key(item_text)[:12], 16)])
    return [
        TrainingSample(
            item_id=item_id,
            synthetic=False,
            kind=SampleKind.EXTRACT,
            source=CorpusSource.LAB,
            key="",
            features=read_features(extract, profile),
            has_references=profile.has_references,
        )
        for extract in extracts(item_text, random, EXTRACTS_PER_ITEM)
    ]
