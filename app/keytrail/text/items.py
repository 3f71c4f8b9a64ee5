"""Profiles of items: their words, and what language models write about them."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import comb, fsum, sqrt

from keytrail.text.words.copying import STYLE_RUN, Ngram, ngrams
from keytrail.text.words.tokens import tokens_of, words_of
from keytrail.text.words.vocabulary import FUNCTION_WORDS

REFERENCE_LENGTHS = (1, 2, 3)
"""Lengths in words of the n-grams that are looked up in the references."""
REFERENCE_DEPTH = 10
"""Number of references to which a share is rarefied.

A union grows with every reference, so a share of the union over 20 references cannot be compared with one over 10.
Rarefied, it says: of the n-grams not in the item, how many would be found in 10 references drawn at random."""
FEWEST_REFERENCES = 5
"""With fewer, the model without references is used. From 5 to 9 shares are lower than in training, so that the model
errs towards people."""
_PRIOR_RUNS = 8
"""Pseudo-count that damps a short remainder, so that two chance hits among three own n-grams count little."""
_LEAST_CLOSENESS = 0.02
"""Lower bound for the overlap of references, which keeps a quotient finite."""
_STEM = 5


@dataclass(frozen=True)
class ItemProfile:
    """An item prepared for scoring many texts about it. Build it once per item with `profile_item`."""

    runs: Mapping[int, set[Ngram]]
    stems: frozenset[str]
    references: tuple[tuple[str, ...], ...]
    occurrences: Mapping[int, Counter[Ngram]]
    mirror: "ItemProfile | None" = None
    """The same item with the other half of its generations as references, for the model half trained on these. None if
    no half was trained on any: then both use this profile."""

    @property
    def reference_count(self) -> int:
        """Number of distinct reference texts."""
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
        """Per n-gram length, the mean share of a reference that the others contain too."""
        each = [reference_shares(reference, self) for reference in self.references]
        return tuple(fsum(shares) / len(each) for shares in zip(*each, strict=True))


@dataclass(frozen=True, slots=True)
class ReferenceView:
    """A text's shares in an item's references, by n-gram length."""

    shares: tuple[float, ...]
    """Shares found in ten references; zeros without references."""
    levelled: tuple[float, ...]
    """The same, normalised across items, for the model."""


def profile_item(item_text: str, references: Iterable[str] = (), mirrored: Iterable[str] | None = None) -> ItemProfile:
    """Index the item's n-grams and, of each reference, the n-grams that are not in the item."""
    words = words_of(tokens_of(item_text))
    runs = {length: ngrams(words, length) for length in (*REFERENCE_LENGTHS, STYLE_RUN)}
    distinct = dict.fromkeys(tuple(words_of(tokens_of(reference))) for reference in references)
    occurrences: dict[int, Counter[Ngram]] = {}
    for length in REFERENCE_LENGTHS:
        occurrences[length] = Counter(run for reference in distinct for run in ngrams(reference, length) - runs[length])
    mirror = None if mirrored is None else profile_item(item_text, mirrored)
    return ItemProfile(runs, stems_of(words), tuple(distinct), occurrences, mirror)


def stems_of(words: Iterable[str]) -> frozenset[str]:
    """Return the first letters of the content words, as a simple stem."""
    return frozenset(word[:_STEM] for word in words if word not in FUNCTION_WORDS and word[0].isalpha())


def reference_shares(words: Sequence[str], item: ItemProfile) -> list[float]:
    """Return, per n-gram length, the share of the text's n-grams not in the item that occur in its references.

    Rarefied to `REFERENCE_DEPTH` references. A text that is itself a reference is compared with the others only (leave
    one out), because it would otherwise match itself completely.
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
    """Return the text's shares in the item's references, plain and normalised.

    Some items can be put in few ways and others in many, and shares vary with that. They are therefore divided by the
    square root of the references' own overlap, as scores of speakers are normalised by impostors (Auckenthaler, Carey
    and Lloyd-Thomas 2000). Not by the full overlap: in the lab a model's texts follow it with an exponent of 0.5 to
    0.7, people's with -0.2 to 0.4 (docs/text.md).
    """
    shares = tuple(reference_shares(words, item))
    if not item.references:
        return ReferenceView(shares, shares)
    levels = [sqrt(max(closeness, _LEAST_CLOSENESS)) for closeness in item.closeness]
    return ReferenceView(shares, tuple(share / level for share, level in zip(shares, levels, strict=True)))


def _found_chance(occurrences: int, count: int) -> float:
    """Return the probability that an n-gram in `occurrences` of `count` references is in a random few of them."""
    depth = min(REFERENCE_DEPTH, count)
    if depth == 0:
        return 0.0
    return 1.0 - comb(count - occurrences, depth) / comb(count, depth)
