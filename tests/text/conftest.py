"""Models that many tests share, trained once."""

import pytest

from keytrail.text.classifier.corpus import Corpus, build_corpus
from keytrail.text.classifier.model import TextModel, train_model
from keytrail.text.items import ItemProfile, profile_item
from tests.fielddata import field_data
from tests.text import toycorpus
from tests.text.field import FieldTexts


@pytest.fixture(scope="session")
def corpus() -> Corpus:
    return toycorpus.toy_corpus()


@pytest.fixture(scope="session")
def model(corpus: Corpus) -> TextModel:
    return train_model(corpus)


@pytest.fixture(scope="session")
def profile() -> ItemProfile:
    """The first item with references that no scored text is among."""
    return profile_item(toycorpus.item_text(0), [toycorpus.machine_text(0, seed) for seed in range(100, 112)])


@pytest.fixture(scope="session")
def field_texts() -> FieldTexts:
    return FieldTexts(field_data())


@pytest.fixture(scope="session")
def field_model(field_texts: FieldTexts) -> TextModel:
    return train_model(build_corpus(field_texts.items, field_texts.human, field_texts.generated))


@pytest.fixture(scope="session")
def field_profiles(field_texts: FieldTexts) -> dict[str, ItemProfile]:
    """Every abstract with all its generations as references: none of them is a field text."""
    return {item: profile_item(text, field_texts.generated[item]) for item, text in field_texts.items.items()}
