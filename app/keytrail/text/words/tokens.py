"""Split a text into tokens: words, numbers and marks."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from keytrail.provenance.units import to_units
from keytrail.text.words.normalise import normalise

MARKS = frozenset(".!?;:,()")
"""Punctuation that stays a token; quotes, dashes and brackets of other kinds are typography and are removed."""
NUMBER = "#"
PERCENT = "percent"

_SPELT_OUT = frozenset("%")
_TOKEN = re.compile(r"[^\W_]+(?:['-][^\W_]+)*|[.!?;:,()%]")
_INSIDE_NUMBER = re.compile(r"(?<=\d)[.,:](?=\d)")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_LOCATED_WORD = re.compile(r"[^\W_]+(?:['\u2019\u2010\u2011.,-](?=\w)[^\W_]+)*")
_APOSTROPHES = str.maketrans(dict.fromkeys("'\u2018\u2019\u02bc"))
_HYPHENS = str.maketrans("\u2010\u2011", "--")


@dataclass(frozen=True, slots=True, order=True)
class TextSpan:
    """A stretch of a text in UTF-16 code units, start included, end excluded."""

    start: int
    end: int

    def as_json(self) -> list[int]:
        """Return `[start, end]`."""
        return [self.start, self.end]


@dataclass(frozen=True, slots=True)
class LocatedWord:
    """A lower-case word and its position in the raw text."""

    word: str
    span: TextSpan


def tokens_of(text: str) -> list[str]:
    """Return lower-case words and marks, the same for the raw and the normalised text.

    Numbers of any kind become `#` and the apostrophe inside words is removed ("don't" is "dont").
    """
    plain = _INSIDE_NUMBER.sub("", normalise(text).casefold())
    return [_folded(match[0]) for match in _TOKEN.finditer(plain)]


def words_of(tokens: Sequence[str]) -> list[str]:
    """Return the tokens without punctuation marks."""
    return [token for token in tokens if token not in MARKS]


def sentences_of(text: str) -> list[str]:
    """Split the normalised text after full stops, question and exclamation marks."""
    return [sentence for sentence in _SENTENCE_END.split(normalise(text)) if sentence]


def located_words(text: str) -> Iterator[LocatedWord]:
    """Return the words of the raw text with their positions, for evidence that is shown in the text."""
    for match in _LOCATED_WORD.finditer(to_units(text)):
        word = match[0].casefold().translate(_APOSTROPHES).translate(_HYPHENS)
        yield LocatedWord(word, TextSpan(match.start(), match.end()))


def _folded(matched: str) -> str:
    if matched in _SPELT_OUT:
        return PERCENT
    if matched[0].isdigit() and not any(character.isalpha() for character in matched):
        return NUMBER
    return matched.replace("'", "")
