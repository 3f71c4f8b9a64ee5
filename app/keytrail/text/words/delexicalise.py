"""Delexicalise a text: words as classes, and class n-grams, so that style remains and the topic goes."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache

from keytrail.text.words.tokens import MARKS, NUMBER, PERCENT
from keytrail.text.words.vocabulary import ENDINGS, FUNCTION_WORDS

LONGEST_RUN = 3
"""Longest class n-gram; 4 and 5 did no better on our data."""
COPIED = "<copied>"
_START, _END = "<start>", "<end>"
_SHORTEST_STEM = 3
_SHORT, _MIDDLE = 4, 7


@lru_cache(maxsize=50_000)
def word_class(token: str) -> str:
    """Return the token itself if it is a mark, a number sign or a function word, else the class of its form.

    Classes are the ending ("~tion"), a compound, letters with digits, or three lengths of plain words. Typing errors
    inside a word mostly leave its class as it is.
    """
    if token in FUNCTION_WORDS or token in MARKS or token in {NUMBER, PERCENT}:
        return token
    if any(character.isdigit() for character in token):
        return "<letters+digits>"
    if "-" in token:
        return "<compound>"
    for ending in ENDINGS:
        if token.endswith(ending) and len(token) >= len(ending) + _SHORTEST_STEM:
            return "~" + ending
    if len(token) <= _SHORT:
        return "<short>"
    return "<middle>" if len(token) <= _MIDDLE else "<long>"


def class_runs(own: Sequence[str | None], general_words: Collection[str]) -> Counter[str]:
    """Count n-grams of one to three classes in the writer's own words (`copying.own_tokens`).

    `general_words` are content words of no item in particular ("study", "found"); they stay words. Copied stretches are
    one symbol, and an n-gram of nothing else does not count.
    """
    classes = [_START, *(_symbol(token, general_words) for token in own), _END]
    counts: Counter[str] = Counter()
    for length in range(1, LONGEST_RUN + 1):
        counts.update(_joined(classes, length))
    del counts[COPIED]
    return counts


def _symbol(token: str | None, general_words: Collection[str]) -> str:
    if token is None:
        return COPIED
    return token if token in general_words else word_class(token)


def _joined(classes: Sequence[str], length: int) -> Iterable[str]:
    return map(" ".join, zip(*(classes[offset:] for offset in range(length)), strict=False))
