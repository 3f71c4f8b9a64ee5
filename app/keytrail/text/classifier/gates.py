"""Gates before the classifier: decide when a text cannot be assessed, whatever its score."""

from enum import StrEnum

from keytrail.text.classifier.features import TextFeatures
from keytrail.text.items import ItemProfile, stems_of
from keytrail.text.words.tokens import NUMBER
from keytrail.text.words.vocabulary import ENGLISH_MARKERS

FEWEST_WORDS = 40
FEWEST_OWN_WORDS = 15
ENGLISH_MARKER_SHARE = 0.12
TOPIC_SHARE = 0.15


class Reason(StrEnum):
    """Why a text cannot be assessed."""

    SHORT = "short"
    COPIED = "copied"
    LANGUAGE = "language"
    OFF_TOPIC = "off_topic"


SENTENCES = {
    Reason.SHORT: f"The text has fewer than {FEWEST_WORDS} words.",
    Reason.COPIED: f"Nearly the whole text is copied from the item; fewer than {FEWEST_OWN_WORDS} own words are left.",
    Reason.LANGUAGE: "The text does not seem to be in English, the only language the model knows.",
    Reason.OFF_TOPIC: "The text shares hardly any content words with its item.",
}


def reasons_not_to_judge(features: TextFeatures, item: ItemProfile) -> tuple[Reason, ...]:
    """Return every reason that applies; none if the text can be assessed."""
    words = features.words
    found = []
    if len(words) < FEWEST_WORDS:
        found.append(Reason.SHORT)
    elif len(features.own_words) < FEWEST_OWN_WORDS:
        found.append(Reason.COPIED)
    if _marker_share(words) < ENGLISH_MARKER_SHARE:
        found.append(Reason.LANGUAGE)
    elif topic_share(features, item) < TOPIC_SHARE:
        found.append(Reason.OFF_TOPIC)
    return tuple(found)


def topic_share(features: TextFeatures, item: ItemProfile) -> float:
    """Return the share of the text's distinct content stems that occur in the item."""
    stems = stems_of(features.words)
    return len(stems & item.stems) / len(stems) if stems else 0.0


def _marker_share(words: list[str]) -> float:
    plain = [word for word in words if word != NUMBER]
    return sum(word in ENGLISH_MARKERS for word in plain) / len(plain) if plain else 0.0
