"""Compare a session's digraphs (letter pairs) with the population's."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import log, sqrt
from statistics import fmean, median

from keytrail.provenance.replay.trace import Down

_PAUSE_MS = 1_000
_LEAST_MS = 10
_AGREEMENT = 0.95
"""Share of letter keys that must be where QWERTY has them."""
_COMMON = frozenset(
    [
        "the",
        "of",
        "and",
        "to",
        "in",
        "a",
        "is",
        "that",
        "for",
        "it",
        "as",
        "was",
        "with",
        "be",
        "by",
        "on",
        "not",
        "or",
        "are",
        "this",
        "from",
        "at",
        "but",
        "we",
        "have",
    ]
)
_COMMON_SHARE = 0.15
"""English prose has 30 to 40 % of such words; other languages in the same script have under 10 %."""


def is_qwerty(downs: Sequence[Down]) -> bool:
    """Return whether the letters came from QWERTY's keys.

    A log without the browser's codes ("KeyA") does not show the layout; ASCII letters are then taken for QWERTY's.
    False without letters.
    """
    letters = [down.event for down in downs if len(down.event.key) == 1 and down.event.key.isalpha()]
    named = [event for event in letters if event.code.startswith("Key")]
    fitting = sum(event.code == f"Key{event.key.upper()}" for event in named)
    if not named:
        ascii_letters = sum(event.key.isascii() for event in letters)
        return bool(letters) and ascii_letters >= _AGREEMENT * len(letters)
    return fitting >= _AGREEMENT * len(letters)


def is_english(language: str, text: str) -> bool:
    """Return whether a text is English by the browser's language, which may be another, or by its share of short common
    words.
    """
    if language.lower().startswith("en"):
        return True
    words = text.lower().split()
    return sum(word in _COMMON for word in words) >= _COMMON_SHARE * max(1, len(words))


def is_letter_pair(text: str) -> bool:
    """Return whether a text is two ASCII letters."""
    return len(text) == len("ab") and text.isascii() and text.isalpha()


def within_words(downs: Sequence[Down]) -> list[tuple[str, int]]:
    """Return letter pairs (lower case ASCII) and the interval between their keydowns in ms, 10 to 1,000."""
    found = []
    for one, two in pairwise(downs):
        pair = (one.event.key + two.event.key).lower()
        interval = two.at_ms - one.at_ms
        if is_letter_pair(pair) and one.epoch == two.epoch and _LEAST_MS <= interval <= _PAUSE_MS:
            found.append((pair, interval))
    return found


def median_interval(pairs: Sequence[tuple[str, int]]) -> float:
    """Return the median of the intervals in ms."""
    return median(interval for _, interval in pairs)


def coupling(pairs: Sequence[tuple[str, int]], population: Mapping[str, float]) -> float | None:
    """Return Spearman's correlation of the session's mean log intervals per pair with the population's figures.

    None with fewer than three known pairs or without variation. Hands type some pairs faster than others at any speed;
    random jitter from a program lacks this pattern.
    """
    logs: dict[str, list[float]] = {}
    for pair, interval in pairs:
        if pair in population:
            logs.setdefault(pair, []).append(log(interval))
    own = _ranks([fmean(values) for values in logs.values()])
    others = _ranks([population[pair] for pair in logs])
    return _pearson(own, others)


def _ranks(values: Sequence[float]) -> list[float]:
    order = sorted(range(len(values)), key=values.__getitem__)
    ranks = [0.0] * len(values)
    start = 0
    while start < len(order):
        stop = start
        while stop < len(order) and values[order[stop]] == values[order[start]]:
            stop += 1
        for place in order[start:stop]:
            ranks[place] = (start + stop - 1) / 2
        start = stop
    return ranks


def _pearson(left: Sequence[float], right: Sequence[float]) -> float | None:
    if len(left) < 3:  # noqa: PLR2004 - two points always lie on a line
        return None
    mean_left, mean_right = fmean(left), fmean(right)
    both = sum((one - mean_left) * (two - mean_right) for one, two in zip(left, right, strict=True))
    spread = sqrt(sum((one - mean_left) ** 2 for one in left) * sum((two - mean_right) ** 2 for two in right))
    return both / spread if spread else None
