"""Find near-duplicates among many texts by their similarity."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import blake2b
from itertools import combinations, pairwise

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from keytrail.text.words.copying import Ngram, ngrams
from keytrail.text.words.tokens import tokens_of, words_of

SHINGLE_WORDS = 3
"""Words in a shingle: texts by two people on one topic share few runs of three, edited copies share most."""
SIMILAR_FROM = 0.5
"""Jaccard similarity of shingles from which a pair is reported. 0.5 keeps a pair of which one was lightly edited."""
_FEWEST_SHINGLES = 10
_BANDS, _ROWS = 32, 4
"""MinHash bands: a pair of similarity 0.5 is found with probability 1 - (1 - 0.5**4)**32 = 0.87, one of 0.7 with
0.9998."""
_LARGEST_BUCKET = 200
"""Texts in a bucket beyond which only neighbours in it are compared: hundreds of equal texts still form one group."""

Hashes = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class SimilarPair:
    """Two texts, by their ids, and their similarity."""

    first: str
    second: str
    shingle_similarity: float
    """Jaccard similarity of their three-word shingles."""
    character_similarity: float
    """Indel similarity of their words as characters (rapidfuzz ratio), 0 to 1."""

    def as_json(self) -> dict[str, object]:
        """Return plain values for reports and pages."""
        return asdict(self)


def near_duplicates(
    texts: Mapping[str, str],
    *,
    similar_from: float = SIMILAR_FROM,
    against: Mapping[str, str] | None = None,
    item_texts: Iterable[str] = (),
) -> list[SimilarPair]:
    """Return similar pairs, most similar first; with `against`, pairs of one text of each kind.

    Candidates come from MinHash (Broder 1997) in bands; each is then compared exactly, so that no reported figure is an
    estimate. Shingles in `item_texts` do not count, or two people who copied the same passage would look similar. Texts
    with fewer than ten shingles of their own are left out. Ids must differ between `texts` and `against`.
    """
    common = set().union(*(ngrams(words_of(tokens_of(text)), SHINGLE_WORDS) for text in item_texts))
    shingled = {**_shingled(texts, common), **_shingled(against or {}, common)}
    others = frozenset(against or {})
    pairs = []
    for first, second in _candidates(shingled):
        if against is not None and (first in others) == (second in others):
            continue
        similarity = _jaccard(shingled[first].runs, shingled[second].runs)
        if similarity >= similar_from:
            characters = fuzz.ratio(shingled[first].joined, shingled[second].joined) / 100
            pairs.append(SimilarPair(first, second, similarity, characters))
    return sorted(pairs, key=lambda pair: (-pair.shingle_similarity, pair.first, pair.second))


@dataclass(frozen=True, slots=True)
class _Shingled:
    joined: str
    runs: set[Ngram]


def _shingled(texts: Mapping[str, str], common: set[Ngram]) -> dict[str, _Shingled]:
    shingled = {}
    for name, text in texts.items():
        words = words_of(tokens_of(text))
        runs = ngrams(words, SHINGLE_WORDS) - common
        if len(runs) >= _FEWEST_SHINGLES:
            shingled[name] = _Shingled(" ".join(words), runs)
    return shingled


def _jaccard(first: set[Ngram], second: set[Ngram]) -> float:
    """Return the Jaccard similarity of two sets; 0 for two empty sets."""
    union = len(first | second)
    return len(first & second) / union if union else 0.0


def _candidates(shingled: Mapping[str, _Shingled]) -> list[tuple[str, str]]:
    names = sorted(shingled)
    signatures = _signatures([shingled[name].runs for name in names])
    met: set[tuple[int, int]] = set()
    for band in range(_BANDS):
        buckets: dict[bytes, list[int]] = defaultdict(list)
        for place, row in enumerate(np.ascontiguousarray(signatures[:, band * _ROWS : (band + 1) * _ROWS])):
            buckets[row.tobytes()].append(place)
        for bucket in buckets.values():
            met.update(_pairs_of(bucket))
    return [(names[first], names[second]) for first, second in sorted(met)]


def _pairs_of(bucket: Sequence[int]) -> Iterator[tuple[int, int]]:
    if len(bucket) <= _LARGEST_BUCKET:
        return combinations(bucket, 2)
    return pairwise(bucket)


def _signatures(sets: Sequence[set[Ngram]]) -> Hashes:
    """Return MinHash signatures, one row per set: the smallest value of each of 128 hash functions."""
    salts = np.random.default_rng(1).integers(0, 1 << 63, _BANDS * _ROWS, dtype=np.uint64)[:, None]
    known: dict[Ngram, int] = {}
    signatures = np.empty((len(sets), len(salts)), dtype=np.uint64)
    for row, runs in enumerate(sets):
        hashed = np.array([known.setdefault(run, _hash64(run)) for run in runs], dtype=np.uint64)
        signatures[row] = _mixed(hashed[None, :] ^ salts).min(axis=1)
    return signatures


def _mixed(values: Hashes) -> Hashes:
    """Apply the finaliser of SplitMix64 (Steele, Lea, Flood 2014): salted values become independent hashes."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def _hash64(run: Ngram) -> int:
    return int.from_bytes(blake2b(" ".join(run).encode(), digest_size=8).digest(), "little")
