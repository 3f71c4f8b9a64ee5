"""Figures of quality that stand beside prevalence: what a text keeps of its item, and how like the others' it is."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log

from app.text.copying import Ngram, ngrams
from app.text.items import stems_of
from app.text.similarity import jaccard
from app.text.tokens import tokens_of, words_of

KEY_TERMS = 15


@dataclass(frozen=True, slots=True)
class Handed:
    """A text that somebody handed in about an item."""

    item_id: str
    person: str
    text: str


def key_terms(items: Mapping[str, str], most: int = KEY_TERMS) -> dict[str, frozenset[str]]:
    """The stems of content words that stand out in each item: often in it, in few of the others (tf-idf)."""
    counted = {item: _stems(text) for item, text in items.items()}
    spread = Counter(stem for stems in counted.values() for stem in stems)
    terms = {}
    for item, stems in counted.items():
        weight = {stem: number * (log((1 + len(items)) / (1 + spread[stem])) + 1) for stem, number in stems.items()}
        terms[item] = frozenset(sorted(weight, key=lambda stem: (-weight[stem], stem))[:most])
    return terms


def coverage(text: str, terms: frozenset[str]) -> float | None:
    """The share of an item's key terms that a text keeps; None if the item has none."""
    return len(terms & _stems(text).keys()) / len(terms) if terms else None


def likeness(handed: Sequence[Handed], items: Mapping[str, str]) -> list[float | None]:
    """Of each text, how like it is to other people's texts about the same item, beyond what the item gives to say.

    Mean Jaccard similarity of word pairs not in the item, as in `homogeneity`; None for a text without others.
    """
    in_item = {item: ngrams(words_of(tokens_of(text)), 2) for item, text in items.items()}
    pairs = [ngrams(words_of(tokens_of(one.text)), 2) - in_item[one.item_id] for one in handed]
    together: dict[str, list[int]] = defaultdict(list)
    for place, one in enumerate(handed):
        together[one.item_id].append(place)
    return [_mean_likeness(place, handed, pairs, together[one.item_id]) for place, one in enumerate(handed)]


def _mean_likeness(
    place: int, handed: Sequence[Handed], pairs: Sequence[set[Ngram]], beside: Sequence[int]
) -> float | None:
    others = [jaccard(pairs[place], pairs[other]) for other in beside if handed[other].person != handed[place].person]
    return sum(others) / len(others) if others else None


def _stems(text: str) -> Counter[str]:
    return Counter(stem for word in words_of(tokens_of(text)) for stem in stems_of([word]))
