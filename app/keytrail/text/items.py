"""What is known of an item: its words, and what language models write about it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import comb, fsum, sqrt

from keytrail.text.words.copying import STYLE_RUN, Ngram, ngrams
from keytrail.text.words.tokens import tokens_of, words_of
from keytrail.text.words.vocabulary import FUNCTION_WORDS

REFERENCE_LENGTHS = (1, 2, 3)
"""Lengths in words of the runs that are looked up in the references."""
REFERENCE_DEPTH = 10
"""References that a share is rarefied to.

A union grows with every reference, so a share of the union over 20 references cannot be compared with one over 10.
Rarefied, it says: of the runs not in the item, how many would be found in 10 references drawn at random.
"""
FEWEST_REFERENCES = 5
"""With fewer, the model without references judges. From 5 to 9 shares come out lower than in training, so that the
model errs towards people."""
_PRIOR_RUNS = 8
"""Runs that a short remainder is diluted by, so that two chance hits among three own runs count little."""
_LEAST_CLOSENESS = 0.02
"""References with less in common than this say nothing of how an item is put; it keeps a quotient finite."""
_STEM = 5


@dataclass(frozen=True)
class ItemProfile:
    """An item prepared for scoring many texts about it. Build it once per item with `profile_item`."""

    runs: Mapping[int, set[Ngram]]
    stems: frozenset[str]
    references: tuple[tuple[str, ...], ...]
    occurrences: Mapping[int, Counter[Ngram]]
    mirror: "ItemProfile | None" = None
    """The same item with the other half of its generations as references, for the half of the model that learnt from
    these. None if no half of the model learnt from any: then both look the text up here."""

    @property
    def reference_count(self) -> int:
        """Distinct reference texts."""
        return len(self.references)

    @property
    def has_references(self) -> bool:
        """Whether there are enough references for the model that uses them."""
        return self.reference_count >= FEWEST_REFERENCES

    @cached_property
    def reference_set(self) -> frozenset[tuple[str, ...]]:
        """The references as word sequences, to recognise a text that is one of them."""
        return frozenset(self.references)

    @cached_property
    def closeness(self) -> tuple[float, ...]:
        """Per run length, the mean share of a reference that the others have too: how alike models put this item."""
        each = [reference_shares(reference, self) for reference in self.references]
        return tuple(fsum(shares) / len(each) for shares in zip(*each, strict=True))


@dataclass(frozen=True, slots=True)
class ReferenceView:
    """What the references of an item say of a text, by run length."""

    shares: tuple[float, ...]
    """Shares found in ten references; zeros without references."""
    levelled: tuple[float, ...]
    """The same on one level for all items, for the model."""


def profile_item(item_text: str, references: Iterable[str] = (), mirrored: Iterable[str] | None = None) -> ItemProfile:
    """Index the item's word runs and, of each reference, the runs that do not stand in the item."""
    words = words_of(tokens_of(item_text))
    runs = {length: ngrams(words, length) for length in (*REFERENCE_LENGTHS, STYLE_RUN)}
    distinct = dict.fromkeys(tuple(words_of(tokens_of(reference))) for reference in references)
    occurrences: dict[int, Counter[Ngram]] = {}
    for length in REFERENCE_LENGTHS:
        occurrences[length] = Counter(run for reference in distinct for run in ngrams(reference, length) - runs[length])
    mirror = None if mirrored is None else profile_item(item_text, mirrored)
    return ItemProfile(runs, stems_of(words), tuple(distinct), occurrences, mirror)


def stems_of(words: Iterable[str]) -> frozenset[str]:
    """The first letters of the content words: a stem without a stemmer."""
    return frozenset(word[:_STEM] for word in words if word not in FUNCTION_WORDS and word[0].isalpha())


def reference_shares(words: Sequence[str], item: ItemProfile) -> list[float]:
    """Per run length, the share of the text's runs not in the item that occur in its references.

    Rarefied to `REFERENCE_DEPTH` references. A text that is itself a reference is compared with the others alone
    (leave one out), since it would otherwise find all of itself.
    """
    left_out = 1 if tuple(words) in item.reference_set else 0
    count = item.reference_count - left_out
    chance = [_found_chance(occurrences, count) for occurrences in range(count + 1)]
    shares = []
    for length in REFERENCE_LENGTHS:
        own = ngrams(words, length) - item.runs[length]
        known = item.occurrences[length]
        hits = fsum(chance[known[run] - left_out] for run in own if run in known)
        shares.append(hits / (len(own) + _PRIOR_RUNS))
    return shares


def look_up(words: Sequence[str], item: ItemProfile) -> ReferenceView:
    """The text's shares in the item's references, plain and levelled.

    There is one way to put some items and many to put others, and a share is high or low with that. Levelled, it is
    divided by the square root of the references' own closeness. Scores of speakers are levelled by impostors to the
    same end (Auckenthaler, Carey and Lloyd-Thomas 2000). Not by all of the closeness: in the lab a model's texts
    follow it with an exponent of 0.5 to 0.7, people's with -0.2 to 0.4 (docs/text.md).
    """
    shares = tuple(reference_shares(words, item))
    if not item.references:
        return ReferenceView(shares, shares)
    levels = [sqrt(max(closeness, _LEAST_CLOSENESS)) for closeness in item.closeness]
    return ReferenceView(shares, tuple(share / level for share, level in zip(shares, levels, strict=True)))


def _found_chance(occurrences: int, count: int) -> float:
    """Chance that a run standing in `occurrences` of `count` references is in a random few of them."""
    depth = min(REFERENCE_DEPTH, count)
    if depth == 0:
        return 0.0
    return 1.0 - comb(count - occurrences, depth) / comb(count, depth)
