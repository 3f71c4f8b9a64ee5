"""Quality of a text: how much of its item's key terms it keeps."""

from collections import Counter
from collections.abc import Mapping
from math import log

from keytrail.text.items import stems_of
from keytrail.text.words.tokens import tokens_of, words_of

KEY_TERMS = 15


def key_terms(items: Mapping[str, str], most: int = KEY_TERMS) -> dict[str, frozenset[str]]:
    """Return the stems of content words that are typical of each item: frequent in it, rare in the others (tf-idf)."""
    counted = {item: _stems(text) for item, text in items.items()}
    spread = Counter(stem for stems in counted.values() for stem in stems)
    terms = {}
    for item, stems in counted.items():
        weight = {stem: number * (log((1 + len(items)) / (1 + spread[stem])) + 1) for stem, number in stems.items()}
        terms[item] = frozenset(sorted(weight, key=lambda stem: (-weight[stem], stem))[:most])
    return terms


def coverage(text: str, terms: frozenset[str]) -> float | None:
    """Return the share of an item's key terms that a text keeps; None if the item has none."""
    return len(terms & _stems(text).keys()) / len(terms) if terms else None


def _stems(text: str) -> Counter[str]:
    return Counter(stem for word in words_of(tokens_of(text)) for stem in stems_of([word]))
