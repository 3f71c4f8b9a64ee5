"""Augment the training texts with hard examples: extracts of items, truncated texts, texts with typing errors.

Real people submit extracts of the item, stop early and mistype. Lab texts do not show that, and a model trained on lab
texts alone classifies 12-70 % of extracts as synthetic (docs/text.md).
"""

import numpy as np

from keytrail.text.words.tokens import sentences_of

_CUT_EXTRACT_WORDS = (60, 180)
_TRUNCATION_WORDS = 45
_TRUNCATION_SHARE = 0.8
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_QUOTES = (("'", "\u2019"), ('"', "\u201d"))
TYPO_RATE = 0.02
"""Errors per letter in corrupted copies: people leave about one in a hundred, so this is the careless end."""

Random = np.random.Generator


def extracts(item_text: str, random: Random, count: int) -> list[str]:
    """Return extracts of an item in turn: consecutive sentences, scattered sentences, and a piece cut within a
    sentence.
    """
    sentences = sentences_of(item_text)
    makers = (_contiguous, _scattered, _cut)
    return [makers[number % len(makers)](sentences, random) for number in range(count)]


def truncated(text: str, random: Random) -> str:
    """Return the beginning of a text: at least 45 words and at most four fifths of it; a shorter text stays whole."""
    words = text.split()
    most = int(len(words) * _TRUNCATION_SHARE)
    if most <= _TRUNCATION_WORDS:
        return text
    return " ".join(words[: random.integers(_TRUNCATION_WORDS, most + 1)])


def first_words(text: str, count: int) -> str:
    """Return the first `count` words."""
    return " ".join(text.split()[:count])


def corrupted(text: str, random: Random, rate: float = TYPO_RATE) -> str:
    """Return the text with typing errors, and at random in lower case, upper case or with typographic quotes."""
    text = with_typos(text, random, rate)
    case = random.integers(4)
    if case == 0:
        text = text.lower()
    elif case == 1:
        text = text.upper()
    if random.integers(2):
        for plain, typographic in _QUOTES:
            text = text.replace(plain, typographic)
    return text


def with_typos(text: str, random: Random, rate: float = TYPO_RATE) -> str:
    """Return the text with letters omitted, doubled, swapped or replaced, `rate` errors per letter."""
    letters = list(text)
    for place in np.flatnonzero(random.random(len(letters)) < rate):
        if not letters[place].isalpha():
            continue
        error = random.integers(4)
        if error == 0:
            letters[place] = ""
        elif error == 1:
            letters[place] *= 2
        elif error == 2 and place + 1 < len(letters):  # noqa: PLR2004 - the third of four kinds
            letters[place], letters[place + 1] = letters[place + 1], letters[place]
        else:
            letters[place] = _LETTERS[random.integers(len(_LETTERS))]
    return "".join(letters)


def _contiguous(sentences: list[str], random: Random) -> str:
    size = _extract_size(sentences, random)
    start = random.integers(len(sentences) - size + 1)
    return " ".join(sentences[start : start + size])


def _scattered(sentences: list[str], random: Random) -> str:
    chosen = np.sort(random.choice(len(sentences), _extract_size(sentences, random), replace=False))
    return " ".join(sentences[place] for place in chosen)


def _cut(sentences: list[str], random: Random) -> str:
    words = " ".join(sentences).split()
    least, most = _CUT_EXTRACT_WORDS
    size = int(random.integers(min(least, len(words)), min(most, len(words)) + 1))
    start = random.integers(len(words) - size + 1)
    return " ".join(words[start : start + size])


def _extract_size(sentences: list[str], random: Random) -> int:
    """Return a size from two sentences to half of them."""
    most = max(2, len(sentences) // 2)
    return min(len(sentences), int(random.integers(2, most + 1)))
